/** Who may give commands, as only the peer's address tells. @module */
import assert from "node:assert/strict";
import { createAccess } from "../../routes/access.ts";
import { createCommands } from "../../routes/commands.ts";
import { openSample } from "./sample.ts";

const ADMIN = "the-admin-token";

async function answerTo(address: string | undefined, name = "greet") {
  const commands = createCommands({
    commands: { greet: (_, { say }) => Promise.resolve(say("hello")) },
    access: createAccess({ adminToken: ADMIN, trustedProxies: 1, now: Date.now }),
    explain: () => ({ exit: 1, code: "DEFECT", message: "" }),
  });
  using sample = await openSample(undefined, {}, { commands });
  const request = new Request(`http://localhost/api/v1/commands/${name}`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${ADMIN}`, "Content-Type": "application/json" },
    body: "{}",
  });
  const env = address === undefined ? undefined : { remoteAddr: { hostname: address } };
  const response = await sample.app.fetch(request, env);
  const text = await response.text();
  await commands.close();
  return { status: response.status, text };
}

Deno.test("a command is taken from a loopback address and from no other", async () => {
  for (const address of ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"]) {
    assert.deepEqual(await answerTo(address), { status: 200, text: '{"message":"hello"}\n{"exit":0}\n' });
  }
  for (const address of ["192.0.2.1", "10.0.0.1", "::", "::ffff:10.0.0.1", "", undefined]) {
    assert.equal((await answerTo(address)).status, 403, address);
  }
});

Deno.test("an unknown command, or a property that every object has, is not found", async () => {
  for (const name of ["vote", "constructor", "__proto__"]) {
    assert.equal((await answerTo("127.0.0.1", name)).status, 404, name);
  }
});

Deno.test("a command that says much is held up while nobody reads, goes on after that, and ends with the server", async () => {
  let said = 0;
  let held = () => {};
  const commands = createCommands({
    commands: {
      async talk(_, { say, signal }) {
        for (; said < 20_000 && !signal.aborted; said++) {
          const room = say("x".repeat(100));
          if (room !== undefined) held();
          await room;
        }
      },
    },
    access: createAccess({ adminToken: ADMIN, trustedProxies: 0, now: Date.now }),
    explain: () => ({ exit: 1, code: "DEFECT", message: "" }),
  });
  using sample = await openSample(undefined, {}, { commands });
  const ask = () => {
    said = 0;
    const request = new Request("http://localhost/api/v1/commands/talk", {
      method: "POST",
      headers: { "Authorization": `Bearer ${ADMIN}`, "Content-Type": "application/json" },
      body: "{}",
    });
    const isHeld = new Promise<void>((resolve) => held = resolve);
    return { answered: sample.app.fetch(request, { remoteAddr: { hostname: "127.0.0.1" } }), isHeld };
  };
  const { answered, isHeld } = ask();
  const response = await answered;
  await isHeld;
  assert.ok(said < 2_000, `${said} lines wait`);
  const lines = (await response.text()).trimEnd().split("\n");
  assert.deepEqual([lines.length, lines.at(-1)], [20_001, '{"exit":0}']);

  const unread = ask();
  await unread.answered;
  await unread.isHeld;
  await commands.close();
  await (await unread.answered).body?.cancel();
});
