import assert from "node:assert/strict";
import { startProxy, type TcpProxy } from "./proxy.ts";

/** A server that answers every byte with itself, a proxy before it, and a client's connection through that. */
async function echoing(
  test: (proxy: TcpProxy, client: Deno.TcpConn, seen: Uint8Array[]) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const seen: Uint8Array[] = [];
  const answered: Promise<void>[] = [];
  const answer = async (connection: Deno.Conn) => {
    const buffer = new Uint8Array(64 << 10);
    try {
      for (let n = await connection.read(buffer); n !== null; n = await connection.read(buffer)) {
        seen.push(buffer.slice(0, n));
        await connection.write(buffer.subarray(0, n));
      }
    } finally {
      connection.close();
    }
  };
  const accepting = (async () => {
    for await (const connection of listener) answered.push(answer(connection).catch(() => {})); // cut
  })();
  {
    await using proxy = startProxy((listener.addr as Deno.NetAddr).port);
    using client = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
    await test(proxy, client, seen);
  }
  listener.close();
  await accepting;
  await Promise.all(answered);
}

async function readAll(client: Deno.TcpConn, length: number): Promise<Uint8Array> {
  const all = new Uint8Array(length);
  for (let got = 0; got < length;) {
    const n = await client.read(all.subarray(got));
    assert.notEqual(n, null, "the connection ended early");
    got += n!;
  }
  return all;
}

const BYTES = Uint8Array.from({ length: 300 }, (_, i) => i % 251);

Deno.test("without a fault bytes pass both ways as they are", () =>
  echoing(async (_, client) => {
    await client.write(BYTES);
    assert.deepEqual(await readAll(client, BYTES.length), BYTES);
  }));

Deno.test("delayed bytes arrive when the tap lets them, in order", () =>
  echoing(async (proxy, client, seen) => {
    const held = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    proxy.tap = async (_, direction) => {
      if (direction === "toClient") return;
      arrived.resolve();
      await held.promise;
    };
    await client.write(BYTES);
    await arrived.promise;
    assert.equal(seen.length, 0);
    held.resolve();
    assert.deepEqual(await readAll(client, BYTES.length), BYTES);
  }));

Deno.test("a cut ends the connection at the client; a refused one ends at once", () =>
  echoing(async (proxy, client) => {
    await client.write(BYTES);
    await readAll(client, BYTES.length);
    proxy.cut();
    assert.equal(await client.read(new Uint8Array(1)).catch(() => null), null);
    proxy.refusing = true;
    using refused = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
    assert.equal(await refused.read(new Uint8Array(1)).catch(() => null), null);
  }));

Deno.test("a connection cut in the middle of a chunk has passed on what comes before, and no more", () =>
  echoing(async (proxy, client, seen) => {
    proxy.tap = (_, direction, link) => direction === "toServer" ? link.cutAfter(100) : undefined;
    await client.write(BYTES);
    while (await client.read(new Uint8Array(64)).catch(() => null) !== null);
    assert.deepEqual(seen, [BYTES.slice(0, 100)]);
  }));

Deno.test("half-open: connections stay and are accepted, and nothing is answered or passed on ever again", () =>
  echoing(async (proxy, client, seen) => {
    await client.write(BYTES);
    await readAll(client, BYTES.length);
    const before = seen.length;
    const swallowed = Promise.withResolvers<void>();
    const links = new Set<number>();
    proxy.tap = (_, __, link) => {
      if (links.add(link.id).size === 2) swallowed.resolve();
    };
    proxy.swallowing = true;
    using late = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
    let answers = 0;
    const listening = [client, late].map(async (one) => {
      const n = await one.read(new Uint8Array(1)).catch(() => null);
      if (n !== null) answers++;
    });
    for (const one of [client, late]) await one.write(BYTES);
    await swallowed.promise;
    proxy.swallowing = false;
    for (const one of [client, late]) await one.write(BYTES);
    // Another connection proves that the proxy has had its turn.
    using other = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
    await other.write(BYTES);
    await readAll(other, BYTES.length);
    assert.equal(seen.slice(before).reduce((sum, { length }) => sum + length, 0), BYTES.length);
    proxy.cut();
    await Promise.all(listening);
    assert.equal(answers, 0);
  }));

Deno.test("sliced, the same bytes arrive in packets no greater than asked", () =>
  echoing(async (proxy, client, seen) => {
    proxy.sliceBytes = 7;
    await client.write(BYTES);
    assert.deepEqual(await readAll(client, BYTES.length), BYTES);
    assert.ok(seen.length > BYTES.length / 7 / 3, `${seen.length} packets`);
  }));
