/**
 * `/regions` and `/regions/NAME`: the location of voters, and `GET /api/v1/regions`, which keeps them live.
 * @module
 */
import type { Env, Handler } from "hono";
import { isolated, plain } from "../islands/format.ts";
import { messages } from "../islands/messages.ts";
import { RegionView } from "../islands/region_view.tsx";
import { RegionsView } from "../islands/regions_view.tsx";
import type { Regions } from "../pipeline/regions.ts";
import type { Assets } from "./assets.ts";
import { isHeld, weakEtagOf } from "./conditional.ts";
import { answerLivePage } from "./live_page.tsx";
import { pageIsland } from "./page_island.tsx";
import { problemPage } from "./pages.tsx";
import { unknownParameters } from "./query.ts";
import type { Shown } from "./shown.ts";

/** `GET /regions` */
export function getRegions(shown: Shown, assets: Assets): Handler {
  return (c) =>
    answerLivePage(c, shown, assets, ({ results }, query) => {
      const regions = shown.regions();
      const { heading } = messages.regions;
      return {
        title: `${heading} · ${plain(results.election.title)}`,
        heading,
        path: "/regions",
        ...pageIsland({ view: "regions", regions }, <RegionsView regions={regions} query={query} />),
      };
    });
}

/** `GET /regions/NAME` */
export function getRegion(shown: Shown, assets: Assets): Handler<Env, "/regions/:name"> {
  return (c) => {
    const name = c.req.param("name");
    const regions = shown.regions();
    if (!regions.regions.some(({ state }) => state === name)) {
      return problemPage(c, assets, shown, "not_found", messages.region.notFound);
    }
    return answerLivePage(c, shown, assets, ({ results }) => ({
      title: `${isolated(name)} · ${plain(results.election.title)}`,
      heading: name,
      path: "/regions",
      ...pageIsland({ view: "region", regions, name }, <RegionView regions={regions} name={name} />),
    }));
  };
}

/** `GET /api/v1/regions` */
export function getRegionsJson(shown: Pick<Shown, "regions">): Handler {
  const made = new WeakMap<Regions, { body: string; etag: string }>();
  return (c) => {
    const refused = unknownParameters(c, []);
    if (refused !== null) return refused;
    const regions = shown.regions();
    let answer = made.get(regions);
    if (answer === undefined) {
      const { as_of: _, ...content } = regions;
      const etag = weakEtagOf(JSON.stringify(content));
      made.set(regions, answer = { body: JSON.stringify(regions), etag });
    }
    const { body, etag } = answer;
    const headers = { "ETag": etag, "Cache-Control": "no-cache" };
    if (isHeld(c.req.header("If-None-Match"), headers.ETag)) return c.body(null, 304, headers);
    return c.body(body, 200, { ...headers, "Content-Type": "application/json" });
  };
}
