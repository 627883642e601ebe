/**
 * Follows a running Teller as a viewer does.
 * @module
 */
import type { Results } from "../../pipeline/results.ts";

/** Results as the API gives them now. */
export async function fetchResults(url: string): Promise<Results> {
  const response = await fetch(`${url}/api/v1/results`);
  return await response.json();
}

/** A connection to the live stream. */
export interface Viewer {
  /** The first event of that name, from those not looked at yet, whose data `wanted` accepts. */
  next(event: string, wanted?: (data: Results) => boolean): Promise<Results>;
  /** Resolves when the server ends the stream. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Connects to the live stream. */
export async function view(url: string): Promise<Viewer> {
  const response = await fetch(`${url}/api/v1/live`);
  const [events, whole] = response.body!.tee();
  const reader = events.pipeThrough(new TextDecoderStream()).getReader();
  const ended = whole.pipeTo(new WritableStream());
  let text = "";
  return {
    ended,
    async next(event, wanted = () => true) {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end < 0) {
          const { value, done } = await reader.read();
          if (done) throw new Error(`the stream ended before such a ${event} event`);
          text += value;
          continue;
        }
        const lines = text.slice(0, end).split("\n");
        text = text.slice(end + 2);
        const field = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        if (field("event") !== event) continue;
        const data = JSON.parse(field("data")!);
        if (wanted(data)) return data;
      }
    },
    async close() {
      await reader.cancel();
      await ended;
    },
  };
}

/** The first Results of a running Teller that `wanted` accepts. */
export async function untilResults(url: string, wanted: (results: Results) => boolean): Promise<Results> {
  const viewer = await view(url);
  await viewer.next("results", wanted);
  await viewer.close();
  return await fetchResults(url);
}

/** What two Tellers that stand at the same version must agree in. */
export function lasting(results: Results): unknown {
  const { as_of: _, catching_up: __, quality: ___, ...rest } = results;
  return { ...rest, totals: { ...rest.totals, votes_per_second: 0 } };
}
