/**
 * The vocabulary of an election: what the field calls things, and the few rules that need no state.
 * Imports nothing, so that pages and islands can share it.
 * @module
 */

/** A candidate as `candidates_topic` carries it; only the first three fields are required. */
export interface Candidate {
  candidate_id: string;
  candidate_name: string;
  party_affiliation: string;
  biography?: string;
  campaign_platform?: string;
  /** Passed on, never fetched: pages show `/portraits/ID.svg`. */
  photo_url?: string;
}

/** A voter as `voters_topic` carries it; the fields that judge a vote are the id, age, gender and address. */
export interface Voter {
  voter_id: string;
  voter_name: string;
  /** ISO date, `YYYY-MM-DD`. */
  date_of_birth: string;
  gender: Gender;
  nationality: string;
  registration_number: string;
  address: { street: string; city: string; state: string; country: string; postcode: string };
  email: string;
  phone_number: string;
  cell_number: string;
  picture: string;
  /** Her age at registration, in whole years. */
  registered_age: number;
}

/** A vote as Teller writes it to `votes_topic`. Foreign producers may add fields; they are not believed. */
export interface Vote {
  voter_id: string;
  candidate_id: string;
  candidate_name: string;
  party_affiliation: string;
  photo_url: string;
  /** ISO 8601 UTC with milliseconds. */
  voting_time: string;
  address: { state: string };
  vote: 1;
}

/** Genders as the predecessor wrote them, and what anything else becomes. */
export const GENDERS = ["female", "male", "other", "unknown"] as const;
/** @see GENDERS */
export type Gender = typeof GENDERS[number];

/** Age bands in ascending order; each but the last two ends where the next begins. */
export const AGE_BANDS = [
  "under 18",
  "18–24",
  "25–29",
  "30–39",
  "40–49",
  "50–59",
  "60–69",
  "70+",
  "unknown",
] as const;
/** @see AGE_BANDS */
export type AgeBand = typeof AGE_BANDS[number];

const BAND_STARTS = [0, 18, 25, 30, 40, 50, 60, 70];

/** The index in AGE_BANDS of an age in whole years, or of an unknown one (null). */
export function ageBandIndex(age: number | null): number {
  if (age === null) return AGE_BANDS.length - 1;
  let band = BAND_STARTS.length - 1;
  while (age < BAND_STARTS[band]) band--;
  return band;
}

/** The share of a part in a whole, rounded half up to 4 decimals; 0 where the whole is 0. Exact for counts. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part * 20_000 + whole) / (2 * whole)) / 10_000;
}

/** Orders strings by Unicode code point (JavaScript's own order is by UTF-16 unit, which differs past U+FFFF). */
export function compareCodePoints(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i), y = b.charCodeAt(i);
    if (x === y) continue;
    // A surrogate stands for a code point above every other unit, so it sorts after U+E000–U+FFFF.
    const surrogateX = x >= 0xd800 && x < 0xe000, surrogateY = y >= 0xd800 && y < 0xe000;
    return surrogateX === surrogateY ? x - y : surrogateX ? 1 : -1;
  }
  return a.length - b.length;
}
