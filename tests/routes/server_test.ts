import assert from "node:assert/strict";
import { Fault } from "../../pipeline/fault.ts";
import { openServer } from "../../routes/server.ts";

Deno.test("HEAD has the length that GET has, and no body", async () => {
  await using server = openServer(
    "127.0.0.1",
    0,
    (request) => new Response(`${request.method} of some length`),
  );
  const url = `http://127.0.0.1:${server.port}/`;
  const [head, get] = [await fetch(url, { method: "HEAD" }), await fetch(url)];
  assert.equal(head.headers.get("Content-Length"), String((await get.arrayBuffer()).byteLength));
  assert.equal((await head.arrayBuffer()).byteLength, 0);
});

Deno.test("HEAD of an endless stream ends", async () => {
  const cancelled = Promise.withResolvers<void>();
  const stream = () => new ReadableStream({ cancel: () => cancelled.resolve() });
  const headers = { "Content-Type": "text/event-stream; charset=utf-8" };
  await using server = openServer("127.0.0.1", 0, () => new Response(stream(), { headers }));
  const head = await fetch(`http://127.0.0.1:${server.port}/`, { method: "HEAD" });
  assert.equal(head.headers.get("Content-Type"), headers["Content-Type"]);
  await head.body?.cancel();
  await cancelled.promise;
});

Deno.test("an address that can't be listened on is a fault that names it", async () => {
  await using taken = openServer("127.0.0.1", 0, () => new Response());
  for (const [host, port] of [["127.0.0.1", taken.port], ["192.0.2.1", 0], ["nosuch.invalid", 0]] as const) {
    assert.throws(
      () => openServer(host, port, () => new Response()),
      (fault) => fault instanceof Fault && fault.code === "PORT_TAKEN" && fault.message.includes(host),
    );
  }
});
