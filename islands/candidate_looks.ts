/**
 * How each candidate looks in charts: a colour, a dash pattern and a short name, the same whoever leads.
 *
 * The colours are told apart with the common kinds of colour blindness, the first ones best; and none is the only
 * sign of anything: a name always stands beside it.
 * @module
 */
import { compareCodePoints } from "../pipeline/election.ts";
import { plain } from "./format.ts";

/** What of a candidate its looks are made of. */
export interface Named {
  candidate_id: string;
  candidate_name: string;
}

/** @see looksOf */
export interface Look {
  /** A CSS colour: `var(--candidate-1)`; `theme.ts` says what it is. */
  colour: string;
  /** For SVG's stroke-dasharray; undefined: a solid line. */
  dashes: string | undefined;
  /** The last part of the name, or all of it where that is not unique. */
  shortName: string;
}

/** So many colours there are. */
export const COLOURS = 8;
const DASHES = [undefined, "6 3", "2 3", "8 3 2 3"];
const MAX_SHORT = 14;

/** The looks of all candidates of an election, by candidate_id. */
export function looksOf(candidates: readonly Named[]): ReadonlyMap<string, Look> {
  const sorted = [...candidates].sort((a, b) => compareCodePoints(a.candidate_id, b.candidate_id));
  const lastNames = Map.groupBy(sorted, lastName);
  return new Map(sorted.map((candidate, i) => {
    const last = lastName(candidate);
    const name = lastNames.get(last)!.length === 1 ? last : candidate.candidate_name;
    return [candidate.candidate_id, {
      colour: `var(--candidate-${i % COLOURS + 1})`,
      dashes: DASHES[Math.floor(i / COLOURS) % DASHES.length],
      shortName: cut(drawable(name), MAX_SHORT),
    }];
  }));
}

function lastName({ candidate_name }: Named): string {
  return candidate_name.trim().split(/\s+/).at(-1)!;
}

/** A text fit for an SVG file: without what XML can't hold. */
export function writable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\ufffe\uffff]/gu, "");
}

/** A name fit for an SVG file: also without what turns the direction of writing. */
export function drawable(name: string): string {
  return writable(plain(name));
}

/** A name of so many characters at most. */
export function cut(name: string, most: number): string {
  const characters = [...name];
  return characters.length <= most ? name : `${characters.slice(0, most - 1).join("").trimEnd()}…`;
}
