/** The soak of `deno task soak`, in short. @module */
import assert from "node:assert/strict";
import { needs } from "../services/available.ts";
import { figuresOf, soakOnKafka } from "../soak/main.ts";
import { isClean } from "../soak/verdict.ts";

const CYCLES = 25;

needs("shared kafka", "postgres")(
  `killed ${CYCLES} times, at random moments and at fail points, nothing is lost or double (Kafka, Postgres)`,
  async () => {
    const seed = Math.floor(2 ** 32 * Math.random());
    const report = await soakOnKafka(CYCLES, seed);
    const figures = `seed ${seed}\n${figuresOf(report)}`;
    assert.ok(isClean(report), figures);
    assert.deepEqual(report.missed, [], figures);
    assert.ok(report.voters.answered > 10 * CYCLES, figures);
  },
);
