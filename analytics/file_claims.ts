/**
 * Who still needs which file: a file goes when the last claim on it does.
 * @module
 */

/** Claims on files, by owner: a generation, the newest state of the lists, or a write under way. */
export interface FileClaims {
  /** Adds one to what an owner claims. */
  add(owner: object, path: string): void;
  /** Lets an owner claim exactly these, and gives those that nobody claims any more. */
  replace(owner: object, paths: Iterable<string>): string[];
  /** Whether anybody claims it, or could: until `complete`, everything counts as claimed. */
  has(path: string): boolean;
  /** Says that everybody who was here before has made their claims. */
  complete(): void;
}

/** No claims yet. */
export function createFileClaims(): FileClaims {
  const byOwner = new Map<object, Set<string>>();
  const counts = new Map<string, number>();
  let completed = false;

  function add(owner: object, path: string): void {
    const claimed = byOwner.get(owner) ?? new Set();
    byOwner.set(owner, claimed);
    if (claimed.has(path)) return;
    claimed.add(path);
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }

  return {
    add,
    replace(owner, paths) {
      const before = byOwner.get(owner) ?? new Set();
      byOwner.delete(owner);
      for (const path of paths) add(owner, path);
      for (const path of before) {
        const left = counts.get(path)! - 1;
        if (left > 0) counts.set(path, left);
        else counts.delete(path);
      }
      return [...before].filter((path) => !counts.has(path));
    },
    has: (path) => !completed || counts.has(path),
    complete: () => completed = true,
  };
}
