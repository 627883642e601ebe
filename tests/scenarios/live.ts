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
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const unseen: { event: string | undefined; data: Results }[] = [];
  let over = false;
  let wake = () => {};

  async function receive(): Promise<void> {
    let text = "";
    for (;;) {
      // A stream that breaks off, as when the server is killed, has ended too.
      const { value, done } = await reader.read().catch(() => ({ value: "", done: true }));
      if (done) break;
      const frames = (text + value).split("\n\n");
      text = frames.pop()!;
      for (const frame of frames) {
        const field = (name: string) => frame.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
        if (field("data") !== undefined) {
          unseen.push({ event: field("event"), data: JSON.parse(field("data")!) });
        }
      }
      wake();
    }
    over = true;
    wake();
  }

  return {
    ended: receive(),
    async next(name, wanted = () => true) {
      for (;;) {
        while (unseen.length > 0) {
          const { event, data } = unseen.shift()!;
          if (event === name && wanted(data)) return data;
        }
        if (over) throw new Error(`the stream ended before such a ${name} event`);
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
    close: () => reader.cancel().catch(() => {}), // it may have broken off already
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
