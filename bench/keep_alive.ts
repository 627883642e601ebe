/**
 * Requests over connections that stay open, on bare TCP: a client that takes as little of the machine as it can.
 * @module
 */
import { Buffer } from "node:buffer";
import { createVotingTokens } from "../pipeline/tokens.ts";
import { candidateId, SECRETS, voterId } from "./electorate.ts";

/** A connection; one request at a time. */
export interface Connection extends Disposable {
  /** Sends a request and reads the whole answer. */
  post(request: Uint8Array): Promise<Answer>;
}

/** What came back; `body` is good until the next request. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const BUFFER_BYTES = 256 * 1024;
const HEAD_END = Buffer.from("\r\n\r\n");

/** Connects to a server. */
export async function connect(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  connection.setNoDelay();
  const buffer = Buffer.alloc(BUFFER_BYTES);
  return {
    async post(request) {
      for (let sent = 0; sent < request.length;) sent += await connection.write(request.subarray(sent));
      let read = 0, whole = Infinity, bodyAt = -1;
      while (read < whole) {
        const more = await connection.read(buffer.subarray(read));
        if (more === null) throw new Error("the server hung up");
        read += more;
        if (bodyAt >= 0) continue;
        bodyAt = buffer.subarray(0, read).indexOf(HEAD_END) + HEAD_END.length;
        if (bodyAt < HEAD_END.length) bodyAt = -1;
        else whole = bodyAt + contentLength(buffer.toString("latin1", 0, bodyAt));
      }
      return { status: Number(buffer.toString("latin1", 9, 12)), body: buffer.subarray(bodyAt, read) };
    },
    [Symbol.dispose]: () => connection.close(),
  };
}

/** One voter's vote with her own token; `electionId` as in the results. */
export function voteRequests(url: string, electionId: string, from: number, to: number): Uint8Array[] {
  const tokens = createVotingTokens(SECRETS.TELLER_SECRET, electionId);
  return Array.from({ length: to - from }, (_, i) => {
    const voter_id = voterId(from + i);
    return request(url, tokens.of(voter_id), { voter_id, candidate_id: candidateId(from + i) });
  });
}

/** Votes handed in by the administrator, in arrays. */
export function arrayRequests(url: string, from: number, to: number, each: number): Uint8Array[] {
  return Array.from({ length: Math.ceil((to - from) / each) }, (_, n) => {
    const first = from + n * each;
    const votes = Array.from({ length: Math.min(each, to - first) }, (_, i) => (
      { voter_id: voterId(first + i), candidate_id: candidateId(first + i) }
    ));
    return request(url, SECRETS.ADMIN_TOKEN, votes);
  });
}

/** The id of the election that a Teller counts, once it has caught up. */
export async function electionOf(url: string): Promise<string> {
  while (!(await getJson<{ status: string }>(`${url}/readyz`)).status.startsWith("ready")) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return (await getJson<{ election: { id: string } }>(`${url}/api/v1/results`)).election.id;
}

async function getJson<T>(url: string): Promise<T> {
  return await (await fetch(url)).json();
}

function request(url: string, token: string, json: unknown): Uint8Array {
  const body = JSON.stringify(json);
  return new TextEncoder().encode(
    `POST /api/v1/votes HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

function contentLength(head: string): number {
  return Number(/\r\ncontent-length: *(\d+)/i.exec(head)![1]);
}
