/**
 * `GET /assets/*`: the scripts, styles and pictures of our own pages, as `islands/bundle.ts` built them.
 * @module
 */
import { join } from "node:path";
import type { Env, Handler, Hono } from "hono";
import { accepts } from "hono/accepts";
import { cors } from "hono/cors";
import { Fault } from "../pipeline/fault.ts";
import { problem } from "./problem.ts";
import { ofKind } from "./shown.ts";

/** The built files: their public addresses by the name pages use, and their bytes by hashed name. */
export interface Assets {
  /** The address of a file by its plain name, for example `style.css` → `/assets/style-3F2A….css`. */
  url(name: string): string;
  /** The file of that hashed name, which a compressed one has with its own ending; or undefined. */
  read(hashedName: string): Uint8Array<ArrayBuffer> | undefined;
  /** Where readers reach a path of this instance, for example `/race` → `https://results.example/race`. */
  address(path: string): string;
}

const CONTENT_TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** What files of each content coding end in; the first one is the smallest. */
const ENDINGS: Readonly<Record<string, string>> = { br: ".br", gzip: ".gz" };
const CODINGS = Object.keys(ENDINGS);

/**
 * Reads the built files of a directory, and again whenever its manifest has changed. `baseUrl` is where readers
 * reach this instance, without a slash at its end; it may be unknown until the first page is asked for.
 * @throws {Fault} ASSETS_MISSING where nothing has been built
 */
export function loadAssets(dir: string, baseUrl: () => string): Assets {
  const manifestFile = join(dir, "manifest.json");
  let readAtMs = NaN;
  let names: Record<string, string> = {};
  const files = new Map<string, Uint8Array<ArrayBuffer>>();

  function refresh(): void {
    const changedAtMs = modifiedMs(manifestFile);
    if (changedAtMs === readAtMs) return;
    names = JSON.parse(Deno.readTextFileSync(manifestFile));
    // Files of earlier builds stay, for pages that are open while a new build comes.
    for (const hashed of Object.values(names)) {
      files.set(hashed, Deno.readFileSync(join(dir, hashed)));
      for (const ending of Object.values(ENDINGS)) {
        const compressed = readIfThere(join(dir, hashed + ending));
        if (compressed !== null) files.set(hashed + ending, compressed);
      }
    }
    readAtMs = changedAtMs;
  }

  refresh();
  return {
    url(name) {
      refresh();
      const hashed = names[name];
      if (hashed === undefined) throw missing(`${dir} holds no ${name}`);
      return `/assets/${hashed}`;
    },
    read(hashedName) {
      refresh();
      return files.get(hashedName);
    },
    address: (path) => baseUrl() + path,
  };
}

function readIfThere(file: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Deno.readFileSync(file);
  } catch (fault) {
    if (fault instanceof Deno.errors.NotFound) return null;
    throw fault;
  }
}

function modifiedMs(file: string): number {
  try {
    return Deno.statSync(file).mtime!.getTime();
  } catch (cause) {
    throw missing(`${file} can't be read`, cause);
  }
}

function missing(what: string, cause?: unknown): Fault {
  return new Fault("ASSETS_MISSING", `${what}: run "deno task build" first`, { cause });
}

/** Mounts them, for everybody: a page in a frame may be in a sandbox, where even its own files are another site's. */
export function mountAssets(app: Hono, assets: Assets): void {
  app.use("/assets/*", cors({ origin: "*", allowMethods: ["GET", "HEAD"] }));
  app.get("/assets/:file", ofKind("asset"), getAsset(assets));
}

/** Answers with a built file. Its name holds a hash of its content, so it can be kept for ever. */
function getAsset(assets: Assets): Handler<Env, "/assets/:file"> {
  return (c) => {
    const file = c.req.param("file");
    const bytes = assets.read(file);
    const contentType = CONTENT_TYPES[file.slice(file.lastIndexOf(".") + 1)];
    if (!bytes || !contentType) return problem(c, "not_found", "No such file. Pages name the current ones.");
    const coding = accepts(c, {
      header: "Accept-Encoding",
      supports: CODINGS,
      default: "identity",
      match: (accepted, { supports, default: plain }) =>
        supports.find((one) => accepted.some(({ type, q }) => type === one && q > 0)) ?? plain,
    });
    const compressed = assets.read(file + ENDINGS[coding]);
    return c.body(compressed ?? bytes, 200, {
      "Content-Type": contentType,
      ...compressed && { "Content-Encoding": coding },
      "Vary": "Accept-Encoding",
      "Cache-Control": "public, max-age=31536000, immutable",
    });
  };
}
