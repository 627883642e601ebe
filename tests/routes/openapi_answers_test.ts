/** Every route answers as its description says, and every answer that is described is really given. @module */
import assert from "node:assert/strict";
import type { Hono } from "hono";
import { createHistory } from "../../analytics/history.ts";
import { Fault } from "../../pipeline/fault.ts";
import type { EventLog } from "../../pipeline/log.ts";
import { captureOf, cellOf, Folder, sharedDuckDb, START } from "../analytics/captures.ts";
import { createAccess } from "../../routes/access.ts";
import { type Operation, OPERATIONS } from "../../routes/api_table.ts";
import { createCommands } from "../../routes/commands.ts";
import { exampleBodyOf, examplePathOf } from "../../routes/docs_curl.ts";
import { type Contract, createContract } from "./openapi_contract.ts";
import { askSql } from "./openapi_sql.ts";
import {
  ADMIN_TOKEN,
  candidateOf,
  openPolls,
  type Polls,
  type SendOptions,
  sendTo,
  voterOf,
} from "./polls.ts";
import { openSample } from "./sample.ts";

const LOCAL = "127.0.0.1";
const ballot = { voter_id: "v0", candidate_id: "c0" };
const operationOf = (id: string) => OPERATIONS.find((operation) => operation.id === id)!;
const methodOf = ({ method }: Operation) => method.toUpperCase();

/** What a program might send as a body, right and wrong. */
const BODIES = [
  "{",
  " ".repeat(2 ** 20 + 1),
  {},
  [],
  voterOf("v1"),
  voterOf("v1"),
  { ...voterOf("v0"), registered_age: 3 },
  [voterOf("v0"), voterOf("v2"), {}, 1],
  candidateOf("c9"),
  candidateOf("c9"),
  { ...candidateOf("c9"), party_affiliation: "Another" },
  [candidateOf("c0")],
  { ...ballot, candidate_id: "nobody" },
  ballot,
  [ballot, { ...ballot, voter_id: "nobody" }, null],
  { ...ballot, candidate_id: "c1" },
];

/** Paths of a route, right and wrong. */
function pathsOf({ id, path }: Operation): string[] {
  if (id === "getVote") return ["0/0", "1/0", "2/0", "9/99"].map((place) => `/api/v1/votes/${place}`);
  return [
    ...new Set(
      ["v0", "nobody"].map((one) =>
        path.replace("{id}", one).replace("{name}", "greet").replace("{sql}", "sql.json")
      ),
    ),
  ];
}

/** Every route with every body and every token. */
async function askEverything(contract: Contract): Promise<void> {
  await using polls = await openPolls();
  await polls.accredit(1);
  const tokens = [ADMIN_TOKEN, polls.tokens.of("v0"), "wrong", null];
  let address = 0;
  for (const operation of OPERATIONS) {
    if (operation.id === "runCommand" || operation.tag === "SQL") continue; // below
    for (const path of pathsOf(operation)) {
      for (const body of operation.body === undefined ? [undefined] : BODIES) {
        for (const token of tokens) {
          const from = `192.0.${address >> 8}.${address++ & 255}`;
          const options = { method: methodOf(operation), token, address: from };
          await contract.check(operation.id, await polls.send(path, body, options));
        }
      }
    }
    if (operation.body !== undefined) {
      const headers = { "Content-Type": "text/plain" };
      await contract.check(operation.id, await polls.send(operation.path, "x", { headers }));
    }
  }
  for (const id of ["getResults", "getRegions"]) {
    const { path } = operationOf(id);
    const answer = await polls.app.request(path);
    const held = { "If-None-Match": answer.headers.get("ETag")! };
    await answer.body?.cancel();
    await contract.check(id, await polls.app.request(path, { headers: held }));
    await contract.check(id, await polls.app.request(`${path}?as_off=1`));
  }
  await contract.check("getQuality", await polls.app.request("/api/v1/quality?as_off=1"));
  await askTooOften(contract, polls);
}

/** Every route with tokens, from an address that has shown too many wrong ones. */
async function askTooOften(contract: Contract, polls: Polls): Promise<void> {
  const guess: SendOptions = { token: "wrong", address: "198.51.100.1" };
  while ((await polls.send("/api/v1/votes", ballot, guess)).status === 401);
  for (
    const operation of OPERATIONS.filter(({ bearers, id, tag }) =>
      bearers.length > 0 && id !== "runCommand" && tag !== "SQL"
    )
  ) {
    const [path] = pathsOf(operation);
    const response = await polls.send(path, exampleBodyOf(operation), {
      ...guess,
      method: methodOf(operation),
    });
    await contract.check(operation.id, response);
  }
}

/** The example of each route that votes or accredits, to an election that can't take it now. */
async function askInVain(contract: Contract, polls: Polls, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const operation = operationOf(id);
    const token = operation.bearers[0] === "voter" ? polls.tokens.of("v1") : undefined;
    const options = { method: methodOf(operation), token };
    await contract.check(id, await polls.send(examplePathOf(operation), exampleBodyOf(operation), options));
  }
}

const WRITING = ["accreditCandidates", "accreditVoters", "vote"];

/** An election that knows voter v1 and candidate c1 of the examples, in one state or another. */
async function askInTrouble(contract: Contract, dir: string): Promise<void> {
  {
    await using polls = await openPolls({ dir });
    await polls.accredit(2);
    const { partition, offset } = await (await polls.send("/api/v1/votes", ballot, {
      token: polls.tokens.of("v0"),
    })).json();
    assert.deepEqual([typeof partition, offset], ["number", 0]);
  }
  {
    await using polls = await openPolls({ dir, caughtUp: false });
    await askInVain(contract, polls, [...WRITING, "getVotingToken", "getVote"]);
  }
  {
    await using polls = await openPolls({ dir, rules: { closesAt: 1 } });
    await askInVain(contract, polls, ["vote"]);
  }
  const fault = () => Promise.reject(new Fault("LOG_UNAVAILABLE", "away", { retryable: true }));
  let away = false;
  {
    const through = (log: EventLog): EventLog => ({
      ...log,
      append: fault,
      ends: (topic) => away ? fault() : log.ends(topic),
    });
    await using polls = await openPolls({ dir, through });
    await askNew(contract, polls);
    away = true;
    await contract.check("getVote", await polls.send("/api/v1/votes/0/0", undefined, { method: "GET" }));
  }
  {
    const ended = Promise.withResolvers<void>();
    const through = (log: EventLog): EventLog => ({
      ...log,
      ends: (topic) => ended.promise.then(() => log.ends(topic)),
    });
    await using polls = await openPolls({ dir, through, limits: { records: 0 } });
    await askNew(contract, polls);
    const asked = Array.from(
      { length: 65 },
      () => polls.send("/api/v1/votes/0/0", undefined, { method: "GET" }),
    );
    await contract.check("getVote", await Promise.race(asked)); // the first answer is to the one too many
    ended.resolve();
    for (const response of await Promise.all(asked)) if (!response.bodyUsed) await response.body?.cancel();
  }
}

/** What would be written. */
async function askNew(contract: Contract, polls: Polls): Promise<void> {
  await contract.check("accreditCandidates", await polls.send("/api/v1/candidates", candidateOf("new")));
  await contract.check("accreditVoters", await polls.send("/api/v1/voters", voterOf("new")));
  const token = polls.tokens.of("v1");
  await contract.check("vote", await polls.send("/api/v1/votes", { ...ballot, voter_id: "v1" }, { token }));
}

/** The stream, readiness and commands. */
async function askOperation(contract: Contract): Promise<void> {
  const access = createAccess({ adminToken: ADMIN_TOKEN, trustedProxies: 0, now: Date.now });
  const commands = createCommands({
    commands: { greet: (_, { say }) => Promise.resolve(say("hello")) },
    access,
    explain: () => ({ exit: 1, code: "DEFECT", message: "" }),
  });
  const readiness = () => Promise.resolve({ ready: false, lag: null, progress: null, snapshot: null });
  using sample = await openSample(undefined, { maxClients: 0 }, { commands, readiness });
  const run = async (name: string, body: unknown, options: SendOptions = {}) => {
    const response = await sendTo(sample.app, `/api/v1/commands/${name}`, body, {
      address: LOCAL,
      ...options,
    });
    await contract.check("runCommand", response);
    return response.status;
  };
  await run("greet", {});
  await run("none", {});
  for (const body of ["{", " ".repeat(8 * 1024 + 1)]) await run("greet", body);
  await run("greet", {}, { headers: { "Content-Type": "text/plain" } });
  await run("greet", {}, { address: "192.0.2.1" });
  await contract.check("getReadiness", await sample.app.request("/readyz"));
  await contract.check("followResults", await sample.app.request("/api/v1/live"));
  sample.live.close();
  await contract.check("followResults", await sample.app.request("/api/v1/live"));
  await commands.close();
  await run("greet", {});
  while (await run("greet", {}, { token: "wrong" }) === 401);
}

/** The past: without a snapshot, from one, and from one that is asked about by too many. */
async function askHistory(contract: Contract): Promise<void> {
  const path = "/api/v1/history";
  await using folder = new Folder();
  await using snapshots = await folder.open();
  const history = createHistory(await sharedDuckDb(), snapshots);
  using sample = await openSample(undefined, {}, { history, past: snapshots });
  const ask = async (query = "", headers = {}) =>
    await contract.check("getHistory", await sample.app.request(path + query, { headers }));
  await ask();
  await snapshots.save(captureOf(1, START, { cells: [cellOf(START)] }));
  await ask("?by=state");
  await ask("?by=stat");
  await ask("?buy=state");
  const { headers } = await sample.app.request(path);
  await ask("", { "If-None-Match": headers.get("ETag") });
  await ask("?as_of=1");
  const questions = Array.from({ length: 40 }, (_, i) => `?every=${10 * (i + 1)}`);
  await Promise.all(questions.map((query) => ask(query)));
  await askSnapshots(contract, sample.app);
}

/** What is kept of the past, as files, and as Results. */
async function askSnapshots(contract: Contract, app: Hono): Promise<void> {
  await contract.check("getResults", await app.request("/api/v1/results?as_of=1"));
  await contract.check("getResults", await app.request("/api/v1/results?as_of=now"));
  const list = "/api/v1/snapshots";
  const { snapshots: [{ files }] } = await (await app.request(list)).json();
  await contract.check("listSnapshots", await app.request(list));
  await contract.check("listSnapshots", await app.request(`${list}?limit=0`));
  await contract.check("listSnapshots", await app.request(`${list}?limits=1`));
  const { url, sha256 } = files.find(({ role }: { role: string }) => role === "votes");
  const conditions: Record<string, string>[] = [
    {},
    { Range: "bytes=0-3" },
    { Range: "bytes=99999-" },
    { "If-None-Match": `"${sha256}"` },
  ];
  for (const headers of conditions) {
    await contract.check("getSnapshotFile", await app.request(url, { headers }));
  }
}

/** A body that doesn't come to its end, to every route that takes one; the answers come after 10 s. */
async function sendSlowly(contract: Contract): Promise<void> {
  await using polls = await openPolls();
  const access = createAccess({ adminToken: ADMIN_TOKEN, trustedProxies: 0, now: Date.now });
  const commands = createCommands({
    commands: { greet: () => Promise.resolve() },
    access,
    explain: (fault) => assert.fail(String(fault)),
  });
  using sample = await openSample(undefined, {}, { commands });
  await Promise.all(
    OPERATIONS.filter(({ body }) => body !== undefined).map(async (operation) => {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([0x7b])) });
      const app = operation.id === "runCommand" || operation.tag === "SQL" ? sample.app : polls.app;
      const path = operation.tag === "SQL" ? examplePathOf(operation) : pathsOf(operation)[0];
      const response = await sendTo(app, path, body, { address: LOCAL });
      assert.equal(response.status, 408, operation.id);
      await contract.check(operation.id, response);
    }),
  );
}

Deno.test("every route answers as is described, and gives every answer that is described", async () => {
  const dir = await Deno.makeTempDir({ prefix: "teller-answers-" });
  try {
    const contract = createContract();
    const slowly = sendSlowly(contract);
    await askEverything(contract);
    await askInTrouble(contract, dir);
    await askOperation(contract);
    await askHistory(contract);
    await askSql(contract);
    await slowly;
    assert.deepEqual(contract.unseen(), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
