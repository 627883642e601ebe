/**
 * Registers the demo's voters, in voting order, and tells how far that has come.
 * @module
 */
import type { Drawing } from "./demo_drawing.ts";
import type { Once } from "./demo_once.ts";

/** The demo's voters on their way into the log. */
export interface Registration {
  /** Everybody before this place of the voting order stands in the log. */
  registered(): number;
  /** Resolves when `registered` has grown, or won't any more as the signal has aborted or the registration failed. */
  grown(): Promise<void>;
  /** Registers all who don't stand yet; ends early when the signal aborts. */
  registerAll(): Promise<void>;
}

/** So many voters are drawn and appended at a time: cheap to append, and no more than any broker takes. */
const AT_ONCE = 1_000;

/** Makes one; `order` is every voter's number in voting order, and `report` is called when some more stand. */
export function createRegistration(options: {
  people: Once;
  drawing: Drawing;
  order: Uint32Array;
  signal: AbortSignal;
  report: () => void;
}): Registration {
  const { people, drawing, order, signal, report } = options;
  let registered = 0, growth = Promise.withResolvers<void>();

  function* missing(): Generator<number[]> {
    let piece: number[] = [];
    for (const number of order) {
      if (people.stands(number)) continue;
      if (piece.push(number) < AT_ONCE) continue;
      yield piece;
      piece = [];
    }
    if (piece.length > 0) yield piece;
  }

  function advance(): void {
    while (registered < order.length && people.stands(order[registered])) registered++;
    growth.resolve();
    growth = Promise.withResolvers();
  }

  return {
    registered: () => registered,
    grown: () => growth.promise,
    async registerAll() {
      try {
        advance();
        for await (const newcomers of drawing.voters(missing())) {
          await people.append(newcomers, signal);
          advance();
          if (signal.aborted) return;
          report();
        }
      } finally {
        growth.resolve();
      }
    },
  };
}
