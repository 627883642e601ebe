/** The disk under DATA_DIR is full for a while. @module */
import assert from "node:assert/strict";
import { needs } from "../services/available.ts";
import { sharedKafka } from "../services/kafka.ts";
import { mountSmallDisk } from "../services/small_disk.ts";
import { startTeller } from "../services/teller.ts";
import { lasting, untilResults } from "./live.ts";
import { inFolder, messagesOf, onKafka, pollingDay, until } from "./polling_day.ts";

needs("small disk")(
  "the log's disk is full: votes are refused, which is said, results are served, and all is right again with space",
  async () => {
    await using disk = await mountSmallDisk(16);
    await pollingDay(inFolder(disk.path), async ({ teller, crowd }) => {
      disk.fill();
      const before = crowd.turnedAway();
      await until(() => crowd.turnedAway() >= before + 20, "somebody is turned away");
      assert.equal((await fetch(`${teller.url}/api/v1/results`)).status, 200);
      const said = messagesOf(teller).filter((message) => /append failed/.test(message));
      assert.ok(said.length > 0, teller.logs());
      disk.free();
      await crowd.more(200);
    });
  },
);

needs("small disk", "shared kafka")(
  "the disk of snapshots is full: voting and counting go on, it is said once, and snapshots come back with space",
  async () => {
    const [broker] = await sharedKafka();
    await using disk = await mountSmallDisk(8);
    const { env, open } = onKafka(broker);
    const settings = { ...env, DATA_DIR: disk.path, TELLER_SNAPSHOT_SECONDS: "1" };
    const results = await pollingDay({ env: settings, open }, async ({ teller, crowd }) => {
      const said = (what: RegExp) => messagesOf(teller).filter((message) => what.test(message)).length;
      disk.fill();
      await until(() => said(/could not be written/) > 0, "the failure is said");
      await crowd.more(200);
      disk.free();
      await until(() => said(/Snapshots are being saved again/) > 0, "snapshots are saved again");
      assert.equal(said(/could not be written/), 1, teller.logs());
    });
    // What the failed snapshots would have held is in the later ones.
    await using again = await startTeller({ env: { ...settings, TELLER_SINKS: "off" } });
    const resumed = await untilResults(again.url, (results) => !results.catching_up);
    assert.deepEqual(lasting(resumed), lasting(results));
    assert.match(again.logs(), /Going on from the snapshot/);
    assert.equal(await again.stop(), 0);
  },
);
