/**
 * Waits for what a running Teller writes for others.
 * @module
 */

/** Waits until every sink has written what these results stand for. */
export async function untilWritten(url: string, version: number): Promise<void> {
  while (true) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const sinks = [...metrics.matchAll(/^teller_sink_version\{.*\} (\d+)$/gm)].map((found) =>
      Number(found[1])
    );
    if (sinks.length > 1 && sinks.every((written) => written >= version)) return;
    await new Promise((resolve) => setTimeout(resolve, 100)); // no event tells of it
  }
}
