/**
 * Follows a Teller's live stream as a viewer does.
 * @module
 */
import type { Results } from "../pipeline/results.ts";

/** What the live stream says of each Results. */
export type LiveResults = Omit<Results, "locations">;

/** Every Results that the live stream sends, from the newest on; leaving the loop hangs up. */
export async function* liveResults(url: string): AsyncGenerator<LiveResults, void> {
  const response = await fetch(`${url}/api/v1/live`);
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of response.body!) {
    const events = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = events.pop()!;
    for (const event of events) {
      if (event.startsWith("event: results\n")) yield JSON.parse(/^data: (.*)$/m.exec(event)![1]);
    }
  }
}
