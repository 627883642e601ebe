/**
 * `GET /charts/NAME.svg|csv`: each chart as a picture that stands alone, and its numbers; and
 * `GET /charts/data.json`, which the pages draw from. Drawn once for each version.
 * @module
 */
import type { Context, Env, Handler } from "hono";
import { type RaceMode, raceMode } from "../islands/chart_captions.ts";
import type { ChartData } from "../islands/chart_data.ts";
import { shownOn } from "../islands/chart_page.ts";
import { drawChart, type DrawnName } from "../islands/chart_drawings.ts";
import {
  type ChartTable,
  fileRows,
  mapTable,
  raceTable,
  turnoutTable,
  votesTable,
} from "../islands/chart_table.ts";
import { drawVotes } from "../islands/chart_votes.ts";
import { messages } from "../islands/messages.ts";
import { ShareRing } from "../islands/share_view.tsx";
import { withColours } from "../islands/theme.ts";
import type { Results } from "../pipeline/results.ts";
import type { Updates } from "../pipeline/updates.ts";
import { nothingKept, pastIsBusy, readAsOf } from "./as_of.ts";
import type { ChartSource } from "./chart_data.ts";
import { chartDocument } from "./chart_document.ts";
import { isHeld } from "./conditional.ts";
import { csvOf } from "./csv.ts";
import { markupOf } from "./page_shell.tsx";
import { problem } from "./problem.ts";
import { unknownParameters } from "./query.ts";
import { represent } from "./results.ts";

/** Charts of the newest Results: how each is drawn, and its table. */
const OF_RESULTS: Record<
  string,
  { draw: (results: Results) => string; table: (results: Results) => ChartTable }
> = {
  votes: { draw: (results) => drawVotes(chartDocument, results, "wide"), table: votesTable },
  share: { draw: (results) => markupOf(<ShareRing results={results} />), table: votesTable },
};

/** Charts of the newest snapshot. */
const OF_DATA: Record<DrawnName, (data: ChartData) => ChartTable> = {
  race: raceTable,
  age: (data) => turnoutTable(data, "age_band"),
  gender: (data) => turnoutTable(data, "gender"),
  map: mapTable,
};

/** Every chart that there is a file of. */
export const CHART_NAMES: readonly string[] = [...Object.keys(OF_RESULTS), ...Object.keys(OF_DATA)];

const CONTENT_TYPES = { svg: "image/svg+xml", csv: "text/csv; charset=utf-8; header=present" };
const MAX_KEPT = 32;

/** Answers with a chart; both what it shows and what was asked are in its ETag. */
export function getChart(updates: Updates, source: ChartSource): Handler<Env, "/charts/:file"> {
  const made = new Map<string, string>();

  function answer(
    c: Context,
    name: string,
    type: keyof typeof CONTENT_TYPES,
    etag: string,
    make: () => string,
  ) {
    const headers = { "ETag": etag, "Cache-Control": "no-cache" };
    if (isHeld(c.req.header("If-None-Match"), etag)) return c.body(null, 304, headers);
    const key = `${name} ${etag}`;
    let body = made.get(key);
    if (body === undefined) {
      if (made.size >= MAX_KEPT) made.delete(made.keys().next().value!);
      made.set(key, body = make());
    }
    return c.body(body, 200, { ...headers, "Content-Type": CONTENT_TYPES[type] });
  }

  return async (c) => {
    const file = c.req.param("file");
    const [, name, type] = /^([a-z]+)\.(svg|csv)$/.exec(file) ?? [];
    if (type !== "svg" && type !== "csv" || !CHART_NAMES.includes(name)) {
      return problem(
        c,
        "not_found",
        `A chart is at /charts/NAME.svg or .csv, NAME one of ${CHART_NAMES.join(", ")}.`,
      );
    }
    const refused = unknownParameters(c, file === "race.svg" ? ["mode", "candidate"] : []);
    if (refused !== null) return refused;

    if (Object.hasOwn(OF_RESULTS, name)) {
      const results = updates.latest();
      const { draw, table } = OF_RESULTS[name];
      const { etag } = represent(results);
      return answer(
        c,
        file,
        type,
        etag,
        () => type === "svg" ? standAlone(draw(results)) : csv(table(results), results),
      );
    }
    const data = await source.newest();
    if (data === null) {
      const detail = "No snapshot has been taken yet; try again shortly.";
      return problem(c, "no_snapshot_yet", detail, { "Retry-After": "5" });
    }
    const of = c.req.query("candidate") ?? null;
    const { mode } = shownOn({ view: "race", of }, raceMode(c.req.query("mode")));
    if (of !== null && !data.candidates.some(({ candidate_id }) => candidate_id === of)) {
      return problem(c, "not_found", messages.candidate.notFound);
    }
    return answer(c, file, type, etagOf(data, mode, of), () => {
      if (type === "csv") return csv(OF_DATA[name as DrawnName](data), data);
      return standAlone(drawChart(chartDocument, name as DrawnName, data, mode, "wide", of));
    });
  };
}

/** Answers with the numbers of all charts of the newest snapshot, nothing before the first one; or of `as_of`. */
export function getChartData(source: ChartSource): Handler {
  return async (c) => {
    const refused = unknownParameters(c, ["as_of"]);
    if (refused !== null) return refused;
    const asked = readAsOf(c);
    if (asked instanceof Response) return asked;
    const data = await (asked === null ? source.newest() : source.at(asked));
    if (data === "busy") return pastIsBusy(c);
    if (data === null && asked !== null) return nothingKept(c);
    if (data === null) return c.body(null, 204, { "Cache-Control": "no-store" });
    const headers = { "ETag": etagOf(data, "lead"), "Cache-Control": "no-cache" };
    if (isHeld(c.req.header("If-None-Match"), headers.ETag)) return c.body(null, 304, headers);
    return c.json(data, 200, headers);
  };
}

/** Weak: by other rules the same records may be counted anew, and names come to be registered after a snapshot. */
function etagOf(
  { election, version, as_of, candidates }: ChartData,
  mode: RaceMode,
  of: string | null = null,
): string {
  const whose = of === null ? "" : `-${encodeURIComponent(of)}`;
  return `W/"${election.id}-${version}-${Date.parse(as_of)}-${candidates.length}-${mode}${whose}"`;
}

/** Every row says of which version it is, so that rows of two files can't be mixed up. */
function csv(table: ChartTable, { version, as_of }: { version: number; as_of: string }): string {
  const header = ["version", "as_of", ...table.columns.map(({ name }) => name)];
  return csvOf(header, fileRows(table).map((row) => [version, as_of, ...row]));
}

const EMPTY =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 60" role="img" aria-label="No votes yet">' +
  '<text x="20" y="35" font-family="system-ui, sans-serif">Simulated. No votes yet.</text></svg>';

/** The opening tag of a picture; a value may hold what looks like the tag's end. */
const ROOT = /^<svg(?:\s+[\w:-]+="[^"]*")*\s*>/;
/** Room for the words above a picture, and around it. */
const HEAD = 46;
const EDGE = 10;

/** A picture with the colours in it, on paper, which says that the election is simulated. */
function standAlone(svg: string): string {
  if (svg === "") return EMPTY;
  const [root] = ROOT.exec(svg)!;
  const label = / aria-label="([^"]*)"/.exec(root)![1];
  const [left, top, width, height] = / viewBox="([^"]*)"/.exec(root)![1].split(/[ ,]+/).map(Number);
  const box = [left - EDGE, top - HEAD, width + 2 * EDGE, height + HEAD + EDGE];
  const size = `width="${box[2]}" height="${box[3]}"`;
  const words = [
    `<rect x="${box[0]}" y="${box[1]}" ${size} fill="var(--paper)"/>`,
    `<title>${label}</title>`,
    `<text x="${left}" y="${top - 24}" text-anchor="start" font-weight="700" font-size="15">`,
    `${label.slice(0, label.indexOf(". "))}</text>`,
    `<text x="${left}" y="${top - 7}" text-anchor="start" fill="var(--soft)">Simulated election</text>`,
  ];
  const framed = root.replace(/ viewBox="[^"]*"/, ` viewBox="${box.join(" ")}" ${size}`);
  return withColours(framed + words.join("") + svg.slice(root.length));
}
