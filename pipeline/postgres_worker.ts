/**
 * The embedded Postgres: PGlite behind a socket server that speaks Postgres' protocol, in a worker of its own,
 * because a large query would hold up the event loop of whoever runs it.
 *
 * Takes the database's folder as its first message and answers with an EmbeddedReply; any later message ends it.
 * @module
 */
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

/** What the worker answers: where it listens, why the database did not open, or that it is closed. */
export type EmbeddedReply =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "closed" };

/** The server's own default is 1, with which every second client would wait for ever. */
const MAX_CONNECTIONS = 20;

let close: (() => Promise<void>) | null = null;

function reply(message: EmbeddedReply): void {
  (self as unknown as { postMessage(message: EmbeddedReply): void }).postMessage(message);
}

async function open(dir: string): Promise<void> {
  try {
    const db = await PGlite.create(dir);
    const server = new PGLiteSocketServer({
      db,
      host: "127.0.0.1",
      port: 0,
      maxConnections: MAX_CONNECTIONS,
    });
    await server.start();
    close = async () => {
      await server.stop();
      await db.close();
    };
    reply({ kind: "listening", port: Number(server.getServerConn().split(":").at(-1)) });
  } catch (error) {
    reply({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
}

self.addEventListener("message", async (event) => {
  if (close === null) return await open((event as MessageEvent<string>).data);
  await close();
  reply({ kind: "closed" });
});
