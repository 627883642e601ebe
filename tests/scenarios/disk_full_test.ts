/** The disk under DATA_DIR is full for a while. @module */
import assert from "node:assert/strict";
import { needs } from "../services/available.ts";
import { mountSmallDisk } from "../services/small_disk.ts";
import { inFolder, messagesOf, pollingDay, until } from "./polling_day.ts";

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
