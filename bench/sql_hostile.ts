/**
 * For how long counting pauses while hostile SQL is asked, and for how long without.
 * @module
 */
import { QUERY_MS } from "../analytics/sandbox_limits.ts";
import { createProgress } from "../pipeline/progress.ts";
import { readHostileCases } from "../tests/analytics/hostile_cases.ts";
import { askOverHttp } from "../tests/scenarios/hostile_over_http.ts";
import { startCountingCore } from "../tests/services/counting_core.ts";
import { percentile, type Spread, spreadOf } from "./report.ts";

/** Asks every case once, each followed by as long a time in which nothing is asked. */
export async function measureHostile(): Promise<Record<string, Spread>> {
  await using core = await startCountingCore(QUERY_MS);
  using progress = createProgress();
  const cases = readHostileCases();
  const beside: number[] = [], without: number[] = [];
  for (const [i, { sql }] of cases.entries()) {
    await core.pause();
    const startedMs = performance.now();
    await askOverHttp(core.url, sql);
    beside.push((await core.pause()).pausedMs);
    await new Promise((resolve) => setTimeout(resolve, performance.now() - startedMs));
    without.push((await core.pause()).pausedMs);
    progress.show("hostile sql", i + 1, cases.length);
  }
  return {
    "the longest time without a vote counted, ms, in a query": spreadOf(beside),
    "the same, p99 of the queries": spreadOf([percentile(beside, 0.99)]),
    "in as long without a query": spreadOf(without),
    "the same, p99": spreadOf([percentile(without, 0.99)]),
  };
}
