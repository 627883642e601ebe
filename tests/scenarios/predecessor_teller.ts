/**
 * Asks a running Teller what it has counted, as any other program would: over HTTP.
 * @module
 */
import type { Results } from "../../pipeline/results.ts";

/** What the live stream says of each Results. */
export type LiveResults = Omit<Results, "locations">;

/** Every Results that the live stream sends, from the newest on, until the signal aborts. */
export async function* liveResults(url: string, signal: AbortSignal): AsyncGenerator<LiveResults> {
  const response = await fetch(`${url}/api/v1/live`, { signal });
  let rest = "";
  try {
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      const events = (rest + text).split("\n\n");
      rest = events.pop()!;
      for (const event of events) {
        if (event.startsWith("event: results\n")) yield JSON.parse(/^data: (.*)$/m.exec(event)![1]);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The Results of that version or a later one, as soon as they are caught up. */
export async function resultsAt(url: string, version: number): Promise<Results> {
  const done = new AbortController();
  for await (const live of liveResults(url, done.signal)) {
    if (live.version >= version && !live.catching_up) done.abort();
  }
  return await (await fetch(`${url}/api/v1/results`)).json();
}

/** How many records Teller has rejected, by topic and reason, in code-point order; reasons of none left out. */
export async function rejectionsOf(
  url: string,
): Promise<{ topic: string; reason: string; records: number }[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const lines = metrics.matchAll(/^teller_records_rejected_total\{topic="(\w+)",reason="(\w+)"\} (\d+)$/gm);
  return Array.from(lines, ([, topic, reason, records]) => ({ topic, reason, records: Number(records) }))
    .filter(({ records }) => records > 0)
    .sort((a, b) => a.topic + a.reason < b.topic + b.reason ? -1 : 1);
}
