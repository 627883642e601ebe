import assert from "node:assert/strict";
import { FAIL_POINTS } from "../../pipeline/fail_point.ts";
import { Fault } from "../../pipeline/fault.ts";
import { readSettings } from "../../pipeline/settings.ts";
import { runTeller } from "../services/teller.ts";

Deno.test("unless a test says so, there is no fail point", () => {
  assert.equal(readSettings({}).TELLER_FAIL_POINT, null);
});

Deno.test("a fail point is a known name, and the first time unless another is given", () => {
  for (const name of FAIL_POINTS) {
    assert.deepEqual(readSettings({ TELLER_FAIL_POINT: name }).TELLER_FAIL_POINT, { name, time: 1 });
    assert.deepEqual(readSettings({ TELLER_FAIL_POINT: `${name}:3` }).TELLER_FAIL_POINT, { name, time: 3 });
  }
  for (const bad of ["nowhere", "snapshot.mid:0", "snapshot.mid:x", "snapshot.mid:"]) {
    assert.throws(
      () => readSettings({ TELLER_FAIL_POINT: bad }),
      (fault) => fault instanceof Fault && fault.message.startsWith("TELLER_FAIL_POINT takes NAME"),
      bad,
    );
  }
});

Deno.test("a process that reaches its fail point ends by SIGKILL, with the permissions it has in use", async () => {
  const { code, logs } = await runTeller({
    command: ["dev"],
    env: { TELLER_FAIL_POINT: "sink.topics.mid:2", TELLER_DEMO_VOTERS: "10" },
  });
  assert.equal(code, 137, logs);
  assert.doesNotMatch(logs, /Ending/);
});
