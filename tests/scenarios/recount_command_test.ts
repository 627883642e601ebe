/** `recount` as people run it: beside a running Teller while votes arrive, and alone. @module */
import assert from "node:assert/strict";
import { openEmbeddedLog } from "../../pipeline/log_embedded.ts";
import { RULES } from "../pipeline/sink_testbed.ts";
import { runTeller, spawnTeller, startTeller } from "../services/teller.ts";
import { fetchResults, untilResults } from "./live.ts";
import { untilWritten } from "./sinks_written.ts";

Deno.test("while votes arrive every copy agrees at its own offsets; one that was changed is named, with exit 1", async () => {
  const dir = await Deno.makeTempDir({ prefix: "teller-recount-" });
  const env = {
    DATA_DIR: dir,
    TELLER_DEMO_VOTERS: "20000",
    TELLER_DEMO_RATE: "200",
    TELLER_SNAPSHOT_SECONDS: "1",
  };
  try {
    {
      await using teller = await startTeller({ command: ["dev"], env });
      for (const votes of [500, 1_500]) {
        const before = await untilResults(teller.url, ({ totals }) => totals.votes >= votes);
        const { code, logs } = await runTeller({ command: ["recount"], env });
        assert.equal(code, 0, logs);
        for (const copy of ["results shown now", "newest snapshot's voters", "aggregated_turnout_by_age"]) {
          assert.match(logs, RegExp(`^${copy} +version [\\d,]+ +agrees in`, "m"));
        }
        await untilResults(teller.url, ({ version }) => version > before.version);
      }
      // A database that is made first takes its time.
      await untilWritten(teller.url, (await fetchResults(teller.url)).version);
      assert.equal(await teller.stop(), 0, teller.logs());
    }
    const alone = await runTeller({ command: ["recount"], env });
    assert.equal(alone.code, 0, alone.logs);
    assert.match(alone.logs, /^voters in Postgres +version [\d,]+ +agrees/m);
    {
      await using log = openEmbeddedLog({ dir, partitions: 4, partitioner: RULES.partitioner });
      for await (const { key, value, headers } of log.scan("aggregated_turnout_by_gender")) {
        const text = new TextDecoder().decode(value!).replace(/\d+/, (n) => String(Number(n) + 1));
        await log.emit("aggregated_turnout_by_gender", [{
          key,
          value: new TextEncoder().encode(text),
          headers,
        }]);
      }
    }
    const changed = await runTeller({ command: ["recount"], env });
    assert.equal(changed.code, 1, changed.logs);
    assert.match(
      changed.logs,
      /^aggregated_turnout_by_gender +female, .*total_votes +([\d,]+) +[\d,]+ +\+1$/m,
    );
    assert.match(changed.logs, /Not what the log says: aggregated_turnout_by_gender"/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a recount that finds neither votes nor copies, as of a mistyped DATA_DIR, is no agreement: exit 65", async () => {
  const dir = await Deno.makeTempDir({ prefix: "teller-recount-" });
  try {
    const { code, logs } = await runTeller({ command: ["recount"], env: { DATA_DIR: `${dir}/mistyped` } });
    assert.equal(code, 65, logs);
    assert.match(logs, /Nothing was compared: .* DATA_DIR/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a recount that is told to end has not agreed: its exit code says so", async () => {
  const dir = await Deno.makeTempDir({ prefix: "teller-recount-" });
  try {
    const env = { DATA_DIR: dir, TELLER_SINKS: "off", TELLER_DEMO_VOTERS: "50000" };
    const filled = await runTeller({ command: ["demo", "--rate", "0"], env });
    assert.equal(filled.code, 0, filled.logs);
    const lock = () => Deno.readTextFileSync(`${dir}/lock`);
    const before = lock();
    await using recount = await spawnTeller({ command: ["recount"], env });
    // It owns the folder once it listens to signals; the file of the one before it stays until then.
    while (lock() === before) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(await recount.stop("SIGTERM"), 75, recount.logs());
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
