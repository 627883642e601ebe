/**
 * What a comparison finds: values that agree are counted, values that differ are named.
 * @module
 */

/** A value of a copy that isn't what the recount says. */
export interface Difference {
  readonly what: string;
  /** Absent values are undefined. */
  readonly expected: unknown;
  readonly found: unknown;
}

/** What came of comparing one copy. */
export interface CopyReport {
  readonly copy: string;
  /** The moment that it was judged at; null where it holds nothing to judge. */
  readonly version: number | null;
  /** How many values were compared. */
  readonly compared: number;
  /** The first MAX_NAMED differences, and how many there are. */
  readonly named: readonly Difference[];
  readonly differences: number;
  /** Why nothing was compared, or what else should be known. */
  readonly remark: string | null;
}

/** Takes the values of one copy. */
export interface Findings {
  /** Compares two values; of objects and arrays, all that is in either. */
  compare(what: string, expected: unknown, found: unknown): void;
  /** How many differences there are so far. */
  differences(): number;
  report(version: number | null, remark?: string): CopyReport;
}

/** A copy that is wrong in a thousand places is wrong: nobody reads on. */
const MAX_NAMED = 1_000;

/** Begins to compare a copy. */
export function createFindings(copy: string): Findings {
  const named: Difference[] = [];
  let compared = 0, differences = 0;

  function compare(what: string, expected: unknown, found: unknown): void {
    if (isCompound(expected) && isCompound(found)) {
      for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
        compare(what === "" ? key : `${what}.${key}`, expected[key], found[key]);
      }
      return;
    }
    compared++;
    if (Object.is(expected, found)) return;
    if (++differences <= MAX_NAMED) named.push({ what, expected, found });
  }

  return {
    compare,
    differences: () => differences,
    report: (version, remark) => ({ copy, version, compared, named, differences, remark: remark ?? null }),
  };
}

/** What is said of a copy that holds nothing to compare. */
export function nothingToCompare(copy: string, remark: string): CopyReport {
  return createFindings(copy).report(null, remark);
}

function isCompound(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
