/** Votes that come late, and clocks that are wrong: everybody counts, and nobody's clock moves the others' windows. @module */
import assert from "node:assert/strict";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { partitionerOf } from "../../pipeline/partitioner.ts";
import { candidateOf, countIn, inDataDir, voteOf, voterOf, votesOf } from "./electorate.ts";
import { lasting } from "./live.ts";

const MINUTE = 60_000;

Deno.test("late votes and wrong clocks: every vote counts, late ones are named, the watermark stays true", () =>
  inDataDir(async (dataDir) => {
    let clock = Date.UTC(2026, 4, 7, 12);
    const at = (ms: number) => new Date(clock + ms).toISOString();
    const times = [
      at(0),
      at(60 * MINUTE), // an hour ahead: not believed, or all that follow would be late
      "9999-12-31T23:59:59Z",
      at(-10 * MINUTE), // late
      at(4 * MINUTE), // within the tolerance, so the greatest
      at(3 * MINUTE + 30_000), // within the grace
      at(2 * MINUTE), // late, as the greatest is 4 minutes ahead
      "1970-01-01T00:00:00Z", // no time of a vote: taken at the log's, which by now is late
      "soon",
      undefined,
    ];
    const late = 5;
    const ids = times.map((_, i) => `voter-${i}`);
    {
      await using log = openEmbeddedLog({
        dir: dataDir,
        partitions: 1,
        partitioner: partitionerOf("murmur2"),
        now: () => clock,
      });
      await log.append("candidates_topic", [candidateOf("a")]);
      await log.append("voters_topic", ids.map(voterOf));
      for (const [i, time] of times.entries()) await log.append("votes_topic", [voteOf(ids[i], "a", time)]);
      // The machine's clock is set back a day; a record is no older than the one before it all the same, or the
      // time that a vote says would be far ahead of the log's, and not believed.
      const onTime = at(3 * MINUTE + 30_000);
      clock -= 24 * 60 * MINUTE;
      await log.append("voters_topic", [voterOf("voter-after")]);
      await log.append("votes_topic", [voteOf("voter-after", "a", onTime)]);
      clock += 24 * 60 * MINUTE;
    }
    const results = await countIn({ DATA_DIR: dataDir }, "SIGKILL");
    assert.deepEqual(votesOf(results), { a: times.length + 1 });
    assert.equal(results.totals.late, late);
    assert.equal(results.watermark, at(4 * MINUTE - MINUTE));
    assert.deepEqual(lasting(await countIn({ DATA_DIR: dataDir })), lasting(results));
  }));
