/**
 * `view="table"`: the candidates as a plain table.
 * @module
 */
import { coloursOf, columnOf, limited, nameOf, othersOf, type StandingView } from "./view.ts";
import { h, type Tree } from "./tree.ts";
import { words } from "./words.ts";

/** The table; said in words where there are no candidates. */
export function table({ standing, figures, limit }: StandingView): Tree[] {
  if (standing.candidates.length === 0) return [h("p", { class: "empty" }, words.noCandidates)];
  const look = coloursOf(standing.candidates);
  const { shown, rest } = limited(standing, limit);
  const first = new Set(standing.first);
  const rows = shown.map((candidate) =>
    h(
      "tr",
      { key: candidate.candidate_id, role: "row", part: "row", class: first.has(candidate) && "first" },
      h(
        "th",
        { role: "rowheader", scope: "row", "--colour": look(candidate.candidate_id).colour },
        nameOf(candidate.candidate_name, "name"),
        " ",
        first.has(candidate) && h("span", { part: "mark", class: "mark" }, standing.mark),
      ),
      h("td", { role: "cell" }, nameOf(candidate.party_affiliation, "party")),
      h("td", { role: "cell", part: "votes", class: "number" }, figures.count(candidate.total_votes)),
      h(
        "td",
        { role: "cell", part: "share", class: "number strong" },
        figures.percent(candidate.total_votes, standing.votes),
      ),
    )
  );
  const head = h(
    "tr",
    { role: "row", class: "head" },
    columnOf(words.candidate, false),
    columnOf(words.party, false),
    columnOf(words.votes, true),
    columnOf(words.share, true),
  );
  return [
    h(
      "table",
      { role: "table", part: "table", class: "plain", "aria-label": words.votesPerCandidate },
      h("thead", { role: "rowgroup" }, head),
      h("tbody", { role: "rowgroup" }, rows),
    ),
    ...[othersOf(rest, figures)].filter((others) => others !== null),
  ];
}
