/**
 * Text that grows up to a number of bytes.
 * @module
 */

/** Text in UTF-8 that never grows beyond its limit. */
export interface BoundedText {
  /** Adds a piece; false where it has no room. */
  add(piece: string): boolean;
  /** Everything that was added, between a beginning and an end that have their own room. */
  finish(before?: string, after?: string): Uint8Array<ArrayBuffer>;
}

/** Starts with nothing. */
export function createBoundedText(maxBytes: number): BoundedText {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let size = 0;
  return {
    add(piece) {
      if (size + piece.length > maxBytes) return false; // no need to encode it: it isn't shorter in UTF-8
      const bytes = encoder.encode(piece);
      if (size + bytes.length > maxBytes) return false;
      pieces.push(bytes);
      size += bytes.length;
      return true;
    },
    finish(before = "", after = "") {
      const all = [encoder.encode(before), ...pieces, encoder.encode(after)];
      const whole = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const bytes of all) {
        whole.set(bytes, at);
        at += bytes.length;
      }
      return whole;
    },
  };
}
