/**
 * Thousands of viewers as bare TCP connections: they look for nothing but the time in each results event.
 * @module
 */
import { Buffer } from "node:buffer";
import { orderOf, questions, say } from "../tests/services/child.ts";
import { percentile } from "./report.ts";

/** What it is asked, one thing at a time. */
export interface SseQuestion {
  /** So many more are to listen. */
  readonly connect?: number;
  /** So many of those that listen are to read nothing from now on, and never again. */
  readonly stall?: number;
  /** Events are to be timed for so long. */
  readonly measureSeconds?: number;
}

/** What the readers got while it was measured. */
export interface SseMeasured {
  readonly readers: number;
  /** Results events, of all readers together. */
  readonly events: number;
  readonly bytes: number;
  /** From the time in the event until it was read, ms. */
  readonly p50: number;
  readonly p99: number;
}

const AT_ONCE = 200;
const READ_BYTES = 8 * 1024;
const AS_OF = Buffer.from('"as_of":"');
const TIME_LENGTH = 24;

const url = new URL(orderOf<string>());
const request = new TextEncoder().encode(`GET /api/v1/live HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
const connections: Deno.TcpConn[] = [];
const stalled = new Set<Deno.TcpConn>();
let latencies: number[] | null = null;
let bytes = 0;
let newest = { text: "", epochMs: 0 };

async function listen(): Promise<void> {
  const connection = await Deno.connect({ hostname: url.hostname, port: Number(url.port) });
  await connection.write(request);
  const buffer = Buffer.alloc(READ_BYTES);
  await connection.read(buffer);
  connections.push(connection);
  void read(connection, buffer);
}

async function read(connection: Deno.TcpConn, buffer: Buffer): Promise<void> {
  while (!stalled.has(connection)) {
    const length = await connection.read(buffer).catch(() => null); // hung up, here or there
    if (length === null) return;
    if (latencies !== null) note(buffer, length);
  }
}

function note(buffer: Buffer, length: number): void {
  bytes += length;
  const found = buffer.subarray(0, length).indexOf(AS_OF);
  if (found < 0) return;
  const from = found + AS_OF.length;
  const text = buffer.toString("latin1", from, from + TIME_LENGTH);
  if (text !== newest.text) newest = { text, epochMs: Date.parse(text) };
  latencies!.push(performance.timeOrigin + performance.now() - newest.epochMs);
}

for await (const { connect = 0, stall = 0, measureSeconds } of questions<SseQuestion>()) {
  for (let left = connect; left > 0; left -= AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, listen));
  }
  for (let i = 0; i < stall; i++) stalled.add(connections[i]);
  if (measureSeconds === undefined) {
    say(connections.length);
    continue;
  }
  latencies = [];
  bytes = 0;
  await new Promise((resolve) => setTimeout(resolve, measureSeconds * 1000));
  const taken = latencies;
  latencies = null;
  const measured: SseMeasured = {
    readers: connections.length - stalled.size,
    events: taken.length,
    bytes,
    p50: percentile(taken, 0.5),
    p99: percentile(taken, 0.99),
  };
  say(measured);
}
for (const connection of connections) connection.close();
