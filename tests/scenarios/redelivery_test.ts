/** A producer that sends whole batches again, because it never heard that they stand. @module */
import assert from "node:assert/strict";
import type { AppendRecord } from "../../pipeline/log.ts";
import { candidateOf, countIn, inDataDir, openLogIn, voteOf, voterOf, votesOf } from "./electorate.ts";
import { lasting } from "./live.ts";

const VOTERS = 1_200;
const BATCH = 300;

Deno.test("whole batches delivered again and again: everybody counts once, as at first, across kills", () =>
  inDataDir(async (dataDir) => {
    const ids = Array.from({ length: VOTERS }, (_, i) => `voter-${i}`);
    const voters = ids.map(voterOf);
    const candidates = ["a", "b", "c"].map(candidateOf);
    const votes = ids.map((id, i) => voteOf(id, "abc"[i % 3], "2026-05-07T09:00:00Z"));
    const batches: AppendRecord[][] = [];
    for (let at = 0; at < VOTERS; at += BATCH) batches.push(votes.slice(at, at + BATCH));
    const expected = { a: VOTERS / 3, b: VOTERS / 3, c: VOTERS / 3 };

    let delivered = 0;
    const deliver = async (...parts: AppendRecord[][]) => {
      await using log = openLogIn(dataDir);
      for (const part of [voters.slice(0, 600), voters, candidates, candidates]) {
        await log.append(part.length < 10 ? "candidates_topic" : "voters_topic", part);
      }
      for (const part of parts) {
        await log.append("votes_topic", part);
        delivered += part.length;
      }
    };
    await deliver(batches[0], batches[0], batches[1], batches[0], batches[2], batches[1]);
    const first = await countIn({ DATA_DIR: dataDir }, "SIGKILL");
    assert.equal(first.totals.votes, 3 * BATCH);
    await deliver(batches[2], batches[1], batches[3], ...batches.toReversed());
    const second = await countIn({ DATA_DIR: dataDir }, "SIGKILL");
    // The same people again, who have thought better of it.
    await deliver(ids.map((id) => voteOf(id, "a", "2026-05-07T10:00:00Z")));
    const { totals, ...results } = await countIn({ DATA_DIR: dataDir });
    assert.deepEqual(votesOf(second), expected);
    assert.deepEqual(votesOf({ totals, ...results }), expected);
    assert.deepEqual(
      [totals.votes, totals.voters, totals.candidates, totals.duplicates, totals.waiting, totals.rejected],
      [VOTERS, VOTERS, 3, delivered - VOTERS, 0, 0],
    );
    assert.deepEqual(lasting(await countIn({ DATA_DIR: dataDir })), lasting({ totals, ...results }));
  }));
