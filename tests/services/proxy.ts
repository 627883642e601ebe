/**
 * A TCP proxy on loopback, to put faults between a client and a real server: cut, delay, hold, slice, swallow, look.
 * @module
 */

/** Which way bytes go. */
export type Direction = "toServer" | "toClient";

/** One proxied connection. */
export interface ProxyLink {
  /** Counts from 0 in order of connecting. */
  readonly id: number;
  /** Breaks it, both ways. */
  cut(): void;
  /** Called by a tap: breaks it when so many bytes of the chunk at hand have been passed on. */
  cutAfter(bytes: number): void;
}

/**
 * Sees bytes before they are passed on, may change them in place, and makes them wait by its promise (delay,
 * hold). After `link.cut()` they are not passed on. Bytes of one direction of one link come in order and one chunk at a time.
 */
export type Tap = (chunk: Uint8Array, direction: Direction, link: ProxyLink) => void | Promise<void>;

/** A running proxy. */
export interface TcpProxy extends AsyncDisposable {
  /** host:port to connect to. */
  readonly address: string;
  readonly port: number;
  /** Null: bytes just pass. May be changed at any time. */
  tap: Tap | null;
  /** True: new connections are closed at once. */
  refusing: boolean;
  /**
   * True: half-open. Connections are accepted and stay, what arrives on them is swallowed, and once something has been
   * they are never answered again, as where a machine has vanished or a firewall has forgotten.
   */
  swallowing: boolean;
  /** Null: bytes are passed on as they come; else in packets of at most so many, a millisecond or two apart. */
  sliceBytes: number | null;
  /** Breaks all connections there are. */
  cut(): void;
}

/** Starts a proxy to a port on loopback; the server need not be there yet. */
export function startProxy(serverPort: number, options: { port?: number } = {}): TcpProxy {
  const hostname = "127.0.0.1";
  const listener = Deno.listen({ hostname, port: options.port ?? 0 });
  const links = new Set<ProxyLink>();
  const running = new Set<Promise<void>>();
  let ids = 0;

  const serve = async (client: Deno.TcpConn) => {
    if (proxy.refusing) return client.close();
    let lost = proxy.swallowing;
    let server: Deno.TcpConn;
    try {
      server = await Deno.connect({ hostname, port: serverPort });
    } catch {
      return client.close(); // No server: the client sees its connection close.
    }
    for (const side of [client, server]) side.setNoDelay(true); // a slice is a packet
    let open = true;
    let cutAfter = Infinity;
    const link = {
      id: ids++,
      cut() {
        if (!open) return;
        open = false;
        client.close();
        server.close();
      },
      cutAfter: (bytes: number) => void (cutAfter = bytes),
    };
    links.add(link);
    const pass = async (from: Deno.TcpConn, to: Deno.TcpConn, direction: Direction) => {
      const buffer = new Uint8Array(64 << 10);
      try {
        for (let n = await from.read(buffer); n !== null; n = await from.read(buffer)) {
          const chunk = buffer.slice(0, n);
          lost ||= proxy.swallowing;
          await proxy.tap?.(chunk, direction, link);
          if (!lost) await send(to, chunk.subarray(0, cutAfter), proxy.sliceBytes);
          if (cutAfter < Infinity) break;
        }
      } catch {
        // Either side is gone, or the link was cut.
      }
      link.cut();
    };
    await Promise.all([pass(client, server, "toServer"), pass(server, client, "toClient")]);
    links.delete(link);
  };
  const accepting = (async () => {
    for await (const client of listener) {
      const served = serve(client).finally(() => running.delete(served));
      running.add(served);
    }
  })();

  const { port } = listener.addr as Deno.NetAddr;
  const proxy: TcpProxy = {
    address: `${hostname}:${port}`,
    port,
    tap: null,
    refusing: false,
    swallowing: false,
    sliceBytes: null,
    cut: () => links.forEach((link) => link.cut()),
    async [Symbol.asyncDispose]() {
      listener.close();
      proxy.tap = null;
      proxy.cut();
      await accepting;
      await Promise.all(running);
    },
  };
  return proxy;
}

async function send(to: Deno.TcpConn, chunk: Uint8Array, sliceBytes: number | null): Promise<void> {
  if (sliceBytes === null) {
    for (let sent = 0; sent < chunk.length;) sent += await to.write(chunk.subarray(sent));
    return;
  }
  for (let sent = 0; sent < chunk.length;) {
    sent += await to.write(chunk.subarray(sent, sent + sliceBytes));
    await new Promise((resolve) => setTimeout(resolve, 0)); // the packet leaves before the next is written
  }
}
