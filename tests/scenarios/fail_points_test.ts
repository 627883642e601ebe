/** Killed at the worst moments there are: between two writes that belong together. @module */
import assert from "node:assert/strict";
import { FAIL_POINTS } from "../../pipeline/fail_point.ts";
import { openPostgres } from "../../pipeline/postgres.ts";
import { needs } from "../services/available.ts";
import { newDatabase } from "../services/postgres.ts";
import type { Moment } from "../soak/moments.ts";
import { soak } from "../soak/soak.ts";
import { openLogIn } from "./electorate.ts";

needs("postgres")("killed at each fail point, nothing is lost or double, and all copies agree", async () => {
  await using database = await newDatabase();
  const signal = new AbortController().signal;
  await using postgres = await openPostgres({ url: database.url, dir: "", onNotice: assert.fail, signal });
  const { kills, missed, lost, invented, double, differences, voters } = await soak({
    moments: FAIL_POINTS.map((name): Moment => ({ kind: "fail point", name, time: 1 })),
    random: Math.random,
    env: { DATABASE_URL: database.url },
    openLog: (dataDir) => Promise.resolve(openLogIn(dataDir)),
    sql: postgres.sql,
  });
  assert.deepEqual(missed, []);
  assert.deepEqual(kills, Object.fromEntries(FAIL_POINTS.map((name) => [name, 1])));
  assert.deepEqual([lost, invented, double, differences], [[], [], 0, []]);
  assert.ok(voters.answered > FAIL_POINTS.length);
});
