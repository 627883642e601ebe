/**
 * Waits for what a running Teller writes for others.
 * @module
 */
import assert from "node:assert/strict";

const SINKS = ["aggregated_topics", "votes_rejected", "postgres"];
const SETTLE_TIMEOUT_MS = 120_000;

/** Waits until every sink has written what these results stand for. */
export async function untilWritten(url: string, version: number): Promise<void> {
  const deadline = Date.now() + SETTLE_TIMEOUT_MS;
  for (;;) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const written = SINKS.map((sink) =>
      Number(new RegExp(`^teller_sink_version\\{sink="${sink}"\\} (\\d+)$`, "m").exec(metrics)?.[1] ?? -1)
    );
    if (written.every((one) => one >= version)) return;
    assert.ok(Date.now() < deadline, `${SINKS} have written ${written} of ${version}`);
    await new Promise((resolve) => setTimeout(resolve, 100)); // no event tells of it
  }
}
