/**
 * What every view is given, and what all of them write alike.
 * @module
 */
import { type Look, looksOf } from "../islands/candidate_looks.ts";
import { listedOf } from "../islands/embed_options.ts";
import { plain } from "../islands/format.ts";
import type { Figures } from "./figures.ts";
import type { Ranked, Standing } from "./standing.ts";
import { h, type Tree } from "./tree.ts";
import { words } from "./words.ts";

/** What a view of candidates shows. */
export interface StandingView {
  readonly standing: Standing;
  readonly figures: Figures;
  /** So many candidates at most. */
  readonly limit: number;
  /** Where Teller is, with a slash at the end. */
  readonly base: string;
}

/** A name from the data: text and nothing else, which turns no direction of writing around it. */
export function nameOf(text: string, part: string): Tree {
  return h("bdi", { part, class: part }, plain(text));
}

/** The looks of candidates; a page gives a party its own colour by a custom property. */
export function coloursOf(candidates: readonly Omit<Ranked, "total_votes">[]): (id: string) => Look {
  const looks = looksOf(candidates);
  const parties = new Map(candidates.map((one) => [one.candidate_id, one.party_affiliation]));
  return (id) => {
    const look = looks.get(id)!;
    const party = slug(parties.get(id)!);
    return party === "" ? look : { ...look, colour: `var(--teller-party-${party}, ${look.colour})` };
  };
}

/** `Tech Republic Party` → `tech-republic-party`. */
function slug(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[a-z0-9]+/g)?.join("-") ?? "";
}

/** The candidates that a view shows, and what of those that it doesn't. */
export function limited(
  { candidates }: Standing,
  limit: number,
): { shown: readonly Ranked[]; rest: readonly Ranked[] } {
  const end = listedOf(candidates.length, limit);
  return { shown: candidates.slice(0, end), rest: candidates.slice(end) };
}

/** The line on those that are not shown. */
export function othersOf(rest: readonly Ranked[], figures: Figures): Tree | null {
  if (rest.length === 0) return null;
  const votes = rest.reduce((sum, { total_votes }) => sum + total_votes, 0);
  return h(
    "p",
    { part: "others", class: "soft" },
    words.others(figures.count(rest.length), figures.votes(votes)),
  );
}

/** A column's heading. */
export function columnOf(text: string, isNumber: boolean): Tree {
  return h("th", { role: "columnheader", scope: "col", class: isNumber && "number" }, text);
}
