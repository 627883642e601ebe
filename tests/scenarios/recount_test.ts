/** The recount agrees with every copy of a clean election, and finds whatever was changed in one of them. @module */
import assert from "node:assert/strict";
import { linesOf } from "../../pipeline/recount_report.ts";
import { onBothLogs } from "../pipeline/sink_testbed.ts";
import { makeCopies } from "./recount_copies.ts";
import { tamperingsOf } from "./recount_tamperings.ts";

onBothLogs("on a clean election the recount agrees, and each tampering is found and named", async (open) => {
  const dir = await Deno.makeTempDir({ prefix: "teller-recount-" });
  try {
    await using log = await open();
    await using copies = await makeCopies(log, dir);
    const clean = await copies.recount();
    assert.deepEqual(clean.flatMap(({ named }) => named), [], linesOf(clean).join("\n"));
    for (const { copy, compared } of clean) assert.ok(compared > 0, `${copy} was not compared`);

    // Snapshots and Postgres know nothing of the kind of log: with a broker, which is slow to ask, some will do.
    const all = await tamperingsOf(copies);
    const isEmbedded = log.electionId.includes("-");
    const tamperings = all.filter(({ name }, i) => isEmbedded || /^aggregated/.test(name) || i % 4 === 0);
    for (const { name, named, tamper, undo } of tamperings) {
      const found = await copies.recount(await tamper());
      await undo();
      const differences = found.flatMap(({ copy, named }) => named.map(({ what }) => `${copy}: ${what}`));
      assert.ok(differences.some((one) => named.test(one)), `${name} came to ${JSON.stringify(differences)}`);
    }
    assert.ok(tamperings.length >= (isEmbedded ? 200 : 90), `${tamperings.length} tamperings`);
    const after = await copies.recount();
    assert.deepEqual(after.flatMap(({ named }) => named), [], "every tampering was undone");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
