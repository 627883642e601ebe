/**
 * Places: the names of states or cities of one partition, numbered in the order in which its voters_topic names
 * them, up to a limit, so that no producer can make the tally grow without bound.
 * @module
 */

/** Number of the place that is not known. */
export const PLACE_UNKNOWN = 0;
/** Number of all places past the limit together. */
export const PLACE_OTHER = 1;

/** How many states a partition tells apart; with the two above they fit in 10 bits. */
export const MAX_STATES = 1022;
/** How many cities a partition tells apart; with the two above they fit in 16 bits. */
export const MAX_CITIES = 65_534;

/** The longest name, in characters (Unicode code points). */
export const MAX_PLACE_CHARACTERS = 64;

/** The names by number, and back. */
export interface Places {
  readonly limit: number;
  readonly names: string[];
  readonly numbers: Map<string, number>;
}

/** No places but the unknown one and "(other)". */
export function createPlaces(limit: number): Places {
  const names = ["unknown", "(other)"];
  return { limit, names, numbers: new Map(names.map((name, number) => [name, number])) };
}

/** The number of a place as a record names it; a new name gets the next number while there is one. */
export function placeNumber(places: Places, written: unknown): number {
  if (typeof written !== "string") return PLACE_UNKNOWN;
  const seen = places.numbers.get(written); // a name that is kept is trimmed and normalised
  if (seen !== undefined) return seen;
  const trimmed = written.trim();
  // Judged before normalising, which takes time that grows with the square of some strings' length.
  if (trimmed.length > 8 * MAX_PLACE_CHARACTERS) return PLACE_UNKNOWN;
  const name = trimmed.toWellFormed().normalize("NFC");
  const known = places.numbers.get(name);
  if (known !== undefined) return known;
  if (name === "" || [...name].length > MAX_PLACE_CHARACTERS) return PLACE_UNKNOWN;
  if (places.names.length - 2 === places.limit) return PLACE_OTHER;
  places.numbers.set(name, places.names.length);
  return places.names.push(name) - 1;
}
