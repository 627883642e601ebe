/** The API's description lints clean, covers every route, and every route answers as it says. @module */
import assert from "node:assert/strict";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { OPERATIONS } from "../../routes/api_table.ts";
import { exampleBodyOf, examplePathOf } from "../../routes/docs_curl.ts";
import { describeApi } from "../../routes/openapi.ts";
import { openPolls, type Polls, voterOf } from "./polls.ts";

interface Described {
  operationId: string;
  security: Record<string, unknown>[];
  parameters: { name: string }[];
  requestBody?: unknown;
  responses: Record<string, { content?: Record<string, { schema?: { type?: string } }> }>;
}
type Description = { paths: Record<string, Record<string, Described>>; components: unknown };

Deno.test("the description lints clean", async () => {
  const config = await createConfig({
    extends: ["recommended"],
    rules: { "operation-4xx-response": "off" }, // /healthz and its like take nothing that could be wrong
  });
  const source = JSON.stringify(describeApi());
  const problems = await lintFromString({ source, config });
  assert.deepEqual(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`), []);
});

Deno.test("every route for programs is described, and nothing else", async () => {
  await using polls = await openPolls();
  const routes = polls.app.routes
    .filter(({ method, path }) => method !== "ALL" && /^\/(api|healthz|readyz|metrics|openapi)/.test(path))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{.*?\})?/g, "{$1}")}`);
  const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  assert.deepEqual([...new Set(routes)].sort(), described.sort());
});

/** What a program might send there, right and wrong; the parameters of a vote that stands are filled in. */
function* requestsTo(path: string, operation: Described, polls: Polls) {
  const paths = operation.parameters.some(({ name }) => name === "offset")
    ? ["/api/v1/votes/0/0", "/api/v1/votes/1/0", "/api/v1/votes/2/0", "/api/v1/votes/9/99"]
    : [path.replace("{id}", "v0"), path.replace("{id}", "nobody")].map((one) =>
      one.replace("{name}", "none")
    );
  const ballot = { voter_id: "v0", candidate_id: "c0" };
  const bodies = operation.requestBody === undefined ? [undefined] : [
    "{",
    " ".repeat(2 ** 20 + 1),
    {},
    [],
    voterOf("v1"),
    voterOf("v1"),
    { ...voterOf("v0"), registered_age: 3 },
    [voterOf("v0"), voterOf("v2"), {}, 1],
    { candidate_id: "c9", candidate_name: "A", party_affiliation: "B" },
    [{ candidate_id: "c0", candidate_name: "A", party_affiliation: "B" }],
    { ...ballot, candidate_id: "nobody" },
    ballot,
    [ballot, { ...ballot, voter_id: "nobody" }, null],
    { ...ballot, candidate_id: "c1" },
  ];
  const tokens = ["the-administrator-of-a-test", polls.tokens.of("v0"), "wrong", null];
  for (const where of [...new Set(paths)]) {
    for (const body of bodies) for (const token of tokens) yield { where, body, token };
  }
}

Deno.test("every route answers with a status that is described and a body that matches its schema", async () => {
  await using polls = await openPolls();
  await polls.accredit(1);
  const { paths, components } = describeApi() as unknown as Description;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: "api", components });
  const seen = new Map<string, Set<number>>();
  let address = 0;
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const statuses = new Set<number>();
      seen.set(operation.operationId, statuses);
      for (const { where, body, token } of requestsTo(path, operation, polls)) {
        const from = `192.0.${address >> 8}.${address++ & 255}`;
        const response = await polls.send(where, body, {
          method: method.toUpperCase(),
          token,
          address: from,
        });
        const what = `${operation.operationId} ${JSON.stringify(body)?.slice(0, 80)}: ${response.status}`;
        const described = operation.responses[response.status];
        assert.ok(described, what);
        statuses.add(response.status);
        const type = (response.headers.get("Content-Type") ?? "").split(";")[0];
        const media = described.content?.[type];
        assert.ok(described.content === undefined || media, `${what} ${type}`);
        if (!type.endsWith("json")) {
          await response.body?.cancel();
          continue;
        }
        const schema = JSON.parse(JSON.stringify(media!.schema).replaceAll('"#/', '"api#/'));
        const json = await response.json();
        assert.ok(ajv.validate(schema, json), `${what} ${JSON.stringify(json)} ${ajv.errorsText()}`);
      }
    }
  }
  // What the requests are for is really reached: every success and every refusal that a request can cause.
  assert.deepEqual([...seen.get("vote")!].sort(), [202, 207, 400, 401, 409, 413, 422]);
  assert.deepEqual([...seen.get("accreditVoters")!].sort(), [200, 201, 207, 400, 401, 409, 413]);
  assert.deepEqual([...seen.get("getVotingToken")!].sort(), [200, 401, 404]);
  assert.deepEqual([...seen.get("getVote")!].sort(), [200, 401]);
});

Deno.test("the page is complete without script and asks nobody else", async () => {
  await using polls = await openPolls();
  const page = await (await polls.app.request("/docs")).text();
  assert.doesNotMatch(page, /<script/);
  assert.doesNotMatch(page.replaceAll(/<pre.*?<\/pre>/gs, ""), /(src|href)="(https?:)?\/\//);
  const text = page.replaceAll(/<[^>]*>/g, "");
  for (const { method, path } of OPERATIONS) {
    assert.ok(text.includes(`${method.toUpperCase()} ${path}`), path);
  }
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.has(id), `#${id} leads nowhere`);
});

Deno.test("the examples, sent one after the other, accredit and vote", async () => {
  await using polls = await openPolls();
  const send = (id: string, token?: string) => {
    const operation = OPERATIONS.find((one) => one.id === id)!;
    return polls.send(examplePathOf(operation), exampleBodyOf(operation), { token });
  };
  assert.equal((await send("accreditCandidates")).status, 201);
  assert.equal((await send("accreditVoters")).status, 201);
  const { token } = await (await send("getVotingToken")).json();
  assert.equal((await send("vote", token)).status, 202);
});
