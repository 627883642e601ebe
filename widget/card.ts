/**
 * `view="card"`: who leads, by how much, with a portrait.
 * @module
 */
import { coloursOf, nameOf, type StandingView } from "./view.ts";
import { h, type Tree } from "./tree.ts";
import { words } from "./words.ts";

/** More than these in a tie are a number, not faces. */
const MAX_PORTRAITS = 3;

/** The card; said in words where nobody leads. */
export function card({ standing, figures, base }: StandingView): Tree[] {
  const { first, margin, mark, votes, candidates } = standing;
  if (first.length === 0) {
    return [h("p", { class: "empty" }, candidates.length === 0 ? words.noCandidates : words.noVotes)];
  }
  const look = coloursOf(candidates);
  const tied = first.length > 1;
  const faces = first.slice(0, MAX_PORTRAITS).map(({ candidate_id }) =>
    h("img", {
      key: candidate_id,
      part: "portrait",
      src: `${base}portraits/${encodeURIComponent(candidate_id)}.svg`,
      // Decoration: the name stands beside it.
      alt: "",
      width: 96,
      height: 96,
      "--colour": look(candidate_id).colour,
    })
  );
  const names = first.length > MAX_PORTRAITS
    ? [h("p", { class: "who" }, `${figures.count(first.length)} ${words.candidates}`)]
    : first.map(({ candidate_id, candidate_name, party_affiliation }) =>
      h(
        "p",
        { key: candidate_id, class: "who" },
        nameOf(candidate_name, "name"),
        " ",
        nameOf(party_affiliation, "party"),
      )
    );
  const kicker = tied ? words.tiedForFirst : mark === words.won ? words.winner : words.leadingCandidate;
  return [h(
    "div",
    { part: "card", class: "card" },
    h("div", { class: "faces" }, first.length > MAX_PORTRAITS ? null : faces),
    h(
      "div",
      { class: "text" },
      h("p", { part: "kicker", class: "soft" }, kicker),
      names,
      h(
        "p",
        { class: "figures" },
        h("strong", { part: "votes" }, figures.votes(first[0].total_votes)),
        tied ? ` ${words.each}` : "",
        " · ",
        h("span", { part: "share" }, figures.percent(first[0].total_votes, votes)),
        !tied && h("span", { part: "margin" }, ` · ${words.ahead(figures.count(margin))}`),
      ),
    ),
  )];
}
