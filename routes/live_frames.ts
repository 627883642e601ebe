/**
 * The frames of the live stream, in the form of https://html.spec.whatwg.org/multipage/server-sent-events.html,
 * each encoded once.
 * @module
 */
import type { Results } from "../pipeline/results.ts";
import type { Vitals } from "../pipeline/vitals.ts";

/** A whole event as bytes; shared, so nobody may change it. */
export type Frame = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const made = new WeakMap<Results, Map<(results: Results) => string, Frame>>();

/** The bytes of one kind of frame of Results, encoded at most once per object. */
export function frameOf(results: Results, write: (results: Results) => string): Frame {
  let frames = made.get(results);
  if (!frames) made.set(results, frames = new Map());
  let frame = frames.get(write);
  if (!frame) frames.set(write, frame = encoder.encode(write(results)));
  return frame;
}

/** A frame of each kind; null: none. */
export interface Frames {
  readonly results: Frame | null;
  readonly locations: Frame | null;
  readonly vitals: Frame | null;
}

/** Several frames as one. Whoever asks for the same again gets the same. */
export function joinFrames({ results, locations, vitals }: Frames): Frame {
  const { of } = joined;
  if (of.results === results && of.locations === locations && of.vitals === vitals) return joined.frame;
  const present = [results, locations, vitals].filter((frame) => frame !== null);
  let frame = present[0] ?? NOTHING;
  if (present.length > 1) {
    frame = new Uint8Array(present.reduce((size, { length }) => size + length, 0));
    present.reduce((at, part) => (frame.set(part, at), at + part.length), 0);
  }
  joined = { of: { results, locations, vitals }, frame };
  return frame;
}
const NOTHING: Frame = new Uint8Array();
/** The newest only: all clients that are not behind get the same. */
let joined: { of: Frames; frame: Frame } = {
  of: { results: null, locations: null, vitals: null },
  frame: NOTHING,
};

/** Everything but the locations, which are many and change slowly. */
export function resultsFrame({ locations: _, ...rest }: Results): string {
  return event("results", rest.version, rest);
}

/** The locations, with the election and version they stand for. */
export function locationsFrame({ election, version, locations }: Results): string {
  return event("locations", version, { election: { id: election.id }, version, locations });
}

/** How the pipeline is: without an id, as it stands for no version. */
export function vitalsFrame(vitals: Vitals): Frame {
  return encoder.encode(`event: vitals\ndata: ${JSON.stringify(vitals)}\n\n`);
}

/** A comment that keeps proxies from ending a quiet stream, and finds out who is gone. */
export const HEARTBEAT: Frame = encoder.encode(":\n\n");

/** When to come back after a lost connection: 2–3 s, so that not everybody does at the same moment. */
export function retryFrame(): Frame {
  return encoder.encode(`retry: ${2_000 + Math.floor(Math.random() * 1_000)}\n\n`);
}

/** JSON holds no line break, so one data line is enough. */
function event(name: string, id: number, data: unknown): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}
