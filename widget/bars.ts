/**
 * `view="bars"`: a line for each candidate, with a bar from zero below it. For assistive technology it is a table.
 * @module
 */
import { coloursOf, columnOf, limited, nameOf, othersOf, type StandingView } from "./view.ts";
import { h, type Tree } from "./tree.ts";
import { words } from "./words.ts";

/** The bars; said in words where there are none. */
export function bars({ standing, figures, limit }: StandingView): Tree[] {
  if (standing.candidates.length === 0) return [h("p", { class: "empty" }, words.noCandidates)];
  const look = coloursOf(standing.candidates);
  const { shown, rest } = limited(standing, limit);
  const end = axisEnd(shown[0].total_votes, standing.votes);
  const first = new Set(standing.first);
  const rows = shown.map((candidate) =>
    h(
      "tr",
      { key: candidate.candidate_id, role: "row", part: "row", class: first.has(candidate) && "first" },
      h(
        "th",
        { role: "rowheader", scope: "row" },
        nameOf(candidate.candidate_name, "name"),
        " ",
        first.has(candidate) && h("span", { part: "mark", class: "mark" }, standing.mark),
        " ",
        nameOf(candidate.party_affiliation, "party"),
      ),
      h("td", { role: "cell", part: "votes", class: "number" }, figures.count(candidate.total_votes)),
      h(
        "td",
        { role: "cell", part: "share", class: "number strong" },
        figures.percent(candidate.total_votes, standing.votes),
      ),
      h(
        "td",
        { class: "track", "aria-hidden": "true" },
        h("span", {
          part: "bar",
          class: "bar",
          "--length": standing.votes === 0 ? 0 : candidate.total_votes / standing.votes / end,
          "--colour": look(candidate.candidate_id).colour,
        }),
      ),
    )
  );
  const head = h(
    "tr",
    { role: "row", class: "head" },
    columnOf(words.candidate, false),
    columnOf(words.votes, true),
    columnOf(words.share, true),
  );
  return [
    h(
      "table",
      { role: "table", part: "table", class: "bars", "aria-label": words.votesPerCandidate },
      h("thead", { role: "rowgroup" }, head),
      h("tbody", { role: "rowgroup" }, rows),
    ),
    ...[othersOf(rest, figures)].filter((others) => others !== null),
  ];
}

/** The share at which the bars' room ends: the next full 10% above the longest, so that it seldom moves. */
function axisEnd(most: number, votes: number): number {
  return votes === 0 ? 1 : Math.min(1, Math.floor(most / votes * 10 + 1) / 10);
}
