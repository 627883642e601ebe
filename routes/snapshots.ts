/**
 * `GET /api/v1/snapshots`: the generations that are kept; `GET /snapshots/SHA256.parquet`: their public files.
 * @module
 */
import type { Context, Env, Handler } from "hono";
// @ts-types="@types/range-parser"
import parseRange from "range-parser";
import { z } from "zod";
import { type AsOf, placeOf } from "../analytics/as_of.ts";
import type { KeptGeneration, KeptGenerations } from "../analytics/kept_generations.ts";
import { asOfParameter } from "./as_of.ts";
import { isHeld } from "./conditional.ts";
import { problem } from "./problem.ts";
import { readQuery } from "./query.ts";

/** As many are listed at once, unless asked for fewer or more. */
export const DEFAULT_LISTED = 100;
/** At most as many are listed at once. */
export const MAX_LISTED = 1_000;

const PIECE_BYTES = 64 * 1024;

const listing = z.object({
  as_of: asOfParameter.optional(),
  limit: z.string().refine(
    (text) => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= MAX_LISTED,
    `must be a whole number from 1 to ${MAX_LISTED}`,
  ).transform(Number).optional(),
});

/** Answers with the generations, the newest first; `baseUrl` is where readers reach this instance. */
export function getSnapshots({ kept }: Pick<KeptGenerations, "kept">, baseUrl: string): Handler {
  return async (c) => {
    const read = readQuery(c, listing);
    if ("refused" in read) return read.refused;
    const { as_of, limit = DEFAULT_LISTED } = read.value;
    const all = await kept();
    const matching = all.filter((generation) => isAtOrBefore(generation, as_of)).reverse();
    const listed = matching.slice(0, limit);
    const headers: Record<string, string> = { "Cache-Control": "no-cache" };
    if (matching.length > limit) {
      const before = new Date(listed[limit - 1].asOf - 1).toISOString();
      headers.Link = `</api/v1/snapshots?as_of=${before}&limit=${limit}>; rel="next"`;
    }
    return c.json({ kept: all.length, snapshots: listed.map((one) => lineOf(one, baseUrl)) }, 200, headers);
  };
}

function isAtOrBefore(generation: KeptGeneration, point: AsOf | undefined): boolean {
  if (point === undefined) return true;
  return placeOf(generation, point) <= ("version" in point ? point.version : point.time);
}

function lineOf({ version, asOf, watermark, votes, files }: KeptGeneration, baseUrl: string) {
  return {
    version,
    as_of: new Date(asOf).toISOString(),
    watermark: watermark === null ? null : new Date(watermark).toISOString(),
    votes,
    files: files.map(({ role, sha256, bytes }) => ({
      role,
      sha256,
      bytes,
      url: `${baseUrl}${
        role === "results" ? `/api/v1/results?as_of=${version}` : `/snapshots/${sha256}.parquet`
      }`,
    })),
  };
}

/** Answers with a public Parquet file or a range of its bytes; its name is the hash of what it holds. */
export function getSnapshotFile(
  { publicParquet }: Pick<KeptGenerations, "publicParquet">,
): Handler<Env, "/snapshots/:file"> {
  return async (c) => {
    const sha256 = /^([0-9a-f]{64})\.parquet$/.exec(c.req.param("file"))?.[1];
    const path = sha256 === undefined ? null : await publicParquet(sha256);
    const size = path === null ? null : await sizeOf(path);
    if (path === null || size === null) {
      return problem(c, "not_found", "No snapshot that is kept has this file; /api/v1/snapshots lists them.");
    }
    const etag = `"${sha256}"`;
    const headers = {
      "ETag": etag,
      "Accept-Ranges": "bytes",
      "Cache-Control": "public, max-age=31536000, immutable",
      "Content-Type": "application/vnd.apache.parquet",
    };
    if (isHeld(c.req.header("If-None-Match"), etag)) return c.body(null, 304, headers);
    const range = rangeOf(c, size, etag);
    if (range === "none_of_it") {
      const whole = { "Content-Range": `bytes */${size}`, "Accept-Ranges": "bytes" };
      return problem(c, "range_not_satisfiable", `The file has ${size} bytes.`, whole);
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    const length = { "Content-Length": String(end - start + 1) };
    // A HEAD's body would never be read, and the file stay open.
    const body = c.req.method === "HEAD" ? null : bytesOf(path, start, end);
    if (range === null) return c.newResponse(body, 200, { ...headers, ...length });
    const part = { "Content-Range": `bytes ${start}-${end}/${size}` };
    return c.newResponse(body, 206, { ...headers, ...length, ...part });
  };
}

/** The one range that is asked for; null where all of the file is to be sent: several ranges aren't worth it. */
function rangeOf(
  c: Context,
  size: number,
  etag: string,
): { start: number; end: number } | null | "none_of_it" {
  const asked = c.req.header("Range");
  const condition = c.req.header("If-Range");
  if (asked === undefined || (condition !== undefined && condition !== etag)) return null;
  const ranges = parseRange(size, asked);
  if (ranges === -1) return "none_of_it";
  if (ranges === -2 || ranges.type !== "bytes" || ranges.length !== 1) return null;
  return ranges[0];
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null; // thinned meanwhile
    throw error;
  }
}

/** The bytes from start to end, both of them included; the file is opened when the first are asked for. */
function bytesOf(path: string, start: number, end: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let file: Deno.FsFile | null = null;
  let left = end - start + 1;
  const close = () => {
    file?.close();
    file = null;
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        if (file === null) {
          file = await Deno.open(path);
          await file.seek(start, Deno.SeekMode.Start);
        }
        const piece = new Uint8Array(Math.min(left, PIECE_BYTES));
        const read = await file.read(piece);
        if (read === null) throw new Error(`${path} is shorter than it was`);
        controller.enqueue(piece.subarray(0, read));
        left -= read;
        if (left > 0) return;
        close();
        controller.close();
      } catch (error) {
        close();
        throw error;
      }
    },
    cancel: close,
  }, { highWaterMark: 0 });
}
