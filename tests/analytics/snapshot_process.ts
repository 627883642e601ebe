/** Saves the third snapshot into a folder, and dies at a fail point: `FOLDER FAIL_POINT`. @module */
import { armFailPoint, type FailPoint } from "../../pipeline/fail_point.ts";
import { openDuckDb } from "../../analytics/duckdb.ts";
import { openSnapshots } from "../../analytics/snapshots.ts";
import { captureOf, START } from "./captures.ts";

const [dir, name] = Deno.args;
const now = () => START + 2_000;
using duckDb = await openDuckDb(`${dir}/unfinished/spill`);
await using snapshots = openSnapshots({ dir, duckDb, now, onNotice() {} });
await snapshots.latest();
armFailPoint({ name: name as FailPoint, time: 1 });
await snapshots.save(captureOf(3, now()));
