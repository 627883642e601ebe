/** Bodies are taken within limits of bytes and time, however they are sent. @module */
import assert from "node:assert/strict";
import { Hono } from "hono";
import { readJson } from "../../routes/body.ts";
import { openServer } from "../../routes/server.ts";
import { openPolls, voterOf } from "./polls.ts";

const VOTES = "/api/v1/votes";

/** A body in chunks, as a client sends one without saying how long it is. */
function chunked(...chunks: string[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks).pipeThrough(new TextEncoderStream());
}

Deno.test("a vote may have 8 KiB, an administrator's body 1 MiB, in one piece or in chunks", async () => {
  await using polls = await openPolls();
  await polls.accredit(1);
  const token = polls.tokens.of("v0");
  const vote = '{"voter_id":"v0","candidate_id":"c0"}';
  const tooLong = vote.padEnd(8 * 1024 + 1);
  const pieces = tooLong.match(/.{1,1000}/gs)!;
  for (const body of [tooLong, chunked(...pieces)]) {
    const response = await polls.send(VOTES, body, { token });
    assert.deepEqual([response.status, (await response.json()).code], [413, "body_too_large"]);
  }
  assert.equal(
    (await polls.send(VOTES, chunked(...vote.padEnd(8 * 1024).match(/.{1,1000}/gs)!), { token })).status,
    202,
  );

  const many = JSON.stringify([voterOf("v1")]);
  assert.equal((await polls.send("/api/v1/voters", many.padEnd(1024 * 1024))).status, 207);
  assert.equal((await polls.send("/api/v1/voters", many.padEnd(1024 * 1024 + 1))).status, 413);
});

/** A server that answers with what it read, and a raw connection to it. */
async function exchange(
  request: string,
  rest: (conn: Deno.Conn) => Promise<void> = async () => {},
): Promise<string> {
  const app = new Hono();
  app.post("/", async (c) => {
    const body = await readJson(c, { bytes: 100, withinMs: 200 });
    return "refused" in body ? body.refused : c.json(body.json as object);
  });
  await using server = openServer("127.0.0.1", 0, app.fetch);
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const encoder = new TextEncoder();
  await conn.write(encoder.encode(request));
  await rest(conn);
  let answer = "";
  const buffer = new Uint8Array(4096);
  while (!answer.includes("\r\n\r\n")) {
    const n = await conn.read(buffer);
    if (n === null) break;
    answer += new TextDecoder().decode(buffer.subarray(0, n));
  }
  return answer.split("\r\n")[0];
}

const HEAD = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n";

Deno.test("a Content-Length that lies changes nothing", async () => {
  const long = JSON.stringify({ a: "x".repeat(200) });
  assert.match(await exchange(`${HEAD}Content-Length: ${long.length}\r\n\r\n${long}`), / 413 /);
  assert.match(await exchange(`${HEAD}Content-Length: 5\r\n\r\n${long}`), / 400 /); // what is behind it isn't read
  const chunks = `${HEAD}Transfer-Encoding: chunked\r\n\r\n${
    long.length.toString(16)
  }\r\n${long}\r\n0\r\n\r\n`;
  assert.match(await exchange(chunks), / 413 /);
});

Deno.test("a body that doesn't arrive in time is given up", async () => {
  assert.match(await exchange(`${HEAD}Content-Length: 50\r\n\r\n{`), / 408 /);
});

Deno.test("a body that breaks off is no failure of the server", async () => {
  await using polls = await openPolls();
  const body = new ReadableStream({
    pull(controller) {
      controller.error(new Deno.errors.BadResource("the client went away"));
    },
  });
  const response = await polls.send(VOTES, body, { token: "anything" });
  assert.deepEqual([response.status, (await response.json()).code], [400, "malformed"]);
  assert.deepEqual(polls.failures, []);
});
