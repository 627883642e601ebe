/**
 * `view="map"`: the twelve areas of the country as tiles of one size, with who leads in each. It is a list of texts
 * that stands as a map, so it can be read out.
 * @module
 */
import { areaOf, AREAS, ELSEWHERE } from "../islands/uk_areas.ts";
import type { RegionResult, Regions } from "../pipeline/regions.ts";
import type { Figures } from "./figures.ts";
import { h, type Tree } from "./tree.ts";
import { coloursOf, nameOf } from "./view.ts";
import { words } from "./words.ts";

/** Where the tile of what is in no area stands: the corner that the map leaves free. */
const ELSEWHERE_TILE = { name: ELSEWHERE, short: ELSEWHERE, column: 3, row: 0 };

/** The tiles, and which colour is whose. */
export function map({ candidates, regions }: Regions, figures: Figures): Tree[] {
  if (regions.some(({ votes }) => votes === null)) return [h("p", { class: "empty" }, words.splitUnknown)];
  const look = coloursOf(candidates);
  const byArea = Map.groupBy(regions, ({ state }) => areaOf(state));
  const leading = new Set<number>();
  const tiles = [...AREAS, ELSEWHERE_TILE].map(({ name, short, column, row }) => {
    const counties = byArea.get(name) ?? [];
    if (counties.length === 0 && name === ELSEWHERE) return null;
    const { votes, count, voters } = sumOf(counties, candidates.length);
    const [most = 0, second = 0] = votes.toSorted((a, b) => b - a);
    const leader = most > second ? votes.indexOf(most) : null;
    if (leader !== null) leading.add(leader);
    const lines = voters === 0
      ? [words.noVoters]
      : count === 0
      ? [words.noVotes]
      : leader === null
      ? [words.tied, figures.percent(count, voters)]
      : [
        nameOf(look(candidates[leader].candidate_id).shortName, "who"),
        `+${figures.count(most - second)}`,
        figures.percent(count, voters),
      ];
    return h(
      "li",
      {
        key: name,
        part: "tile",
        "--column": column + 1,
        "--row": row + 1,
        "--colour": leader === null ? undefined : look(candidates[leader].candidate_id).colour,
        title: name,
      },
      h("span", { class: "area" }, short),
      lines.map((line, i) => h("span", { key: i, class: "line" }, line)),
    );
  });
  const key = candidates.filter((_, i) => leading.has(i)).map(({ candidate_id, candidate_name }) =>
    h(
      "li",
      { key: candidate_id, "--colour": look(candidate_id).colour },
      nameOf(candidate_name, "name"),
    )
  );
  return [
    h("ul", { part: "map", class: "map", role: "list", "aria-label": words.map }, ...tiles),
    h("ul", { part: "key", class: "key", role: "list", "aria-hidden": "true" }, key),
    h("p", { class: "soft" }, words.mapNote),
  ];
}

function sumOf(counties: readonly RegionResult[], candidates: number) {
  const votes = new Array<number>(candidates).fill(0);
  let count = 0, voters = 0;
  for (const county of counties) {
    county.votes!.forEach((n, i) => votes[i] += n);
    count += county.count;
    voters += county.voters;
  }
  return { votes, count, voters };
}
