/** The API's description lints clean, covers every route, and reads as a page. @module */
import assert from "node:assert/strict";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { readNamedQueries } from "../../analytics/named_queries.ts";
import { OPERATIONS } from "../../routes/api_table.ts";
import { exampleBodyOf, examplePathOf } from "../../routes/docs_curl.ts";
import { describeApi } from "../../routes/openapi.ts";
import { openPolls } from "./polls.ts";

const QUERIES = readNamedQueries(new URL("../../analytics/queries", import.meta.url).pathname);

Deno.test("each named query is described at its own address, with its parameters", () => {
  const { paths } = describeApi(QUERIES) as {
    paths: Record<string, { get: { parameters: { name: string }[] } }>;
  };
  for (const { name, parameters } of QUERIES) {
    const described = paths[`/api/v1/queries/${name}.{format}`].get.parameters.map(({ name }) => name);
    for (const parameter of Object.keys(parameters)) {
      assert.ok(described.includes(`param_${parameter}`), name);
    }
  }
});

Deno.test("the description lints clean", async () => {
  const config = await createConfig({
    extends: ["recommended"],
    rules: { "operation-4xx-response": "off" }, // /healthz and its like take nothing that could be wrong
  });
  const source = JSON.stringify(describeApi(QUERIES));
  const problems = await lintFromString({ source, config });
  assert.deepEqual(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`), []);
});

Deno.test("every route for programs is described, and nothing else", async () => {
  await using polls = await openPolls();
  const routes = polls.app.routes
    .filter(({ method, path }) =>
      method !== "ALL" && /^\/(api|snapshots|healthz|readyz|metrics|openapi)/.test(path)
    )
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{.*?\})?/g, "{$1}")}`);
  const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  assert.deepEqual([...new Set(routes)].sort(), described.sort());
});

Deno.test("the page is complete without script and asks nobody else", async () => {
  await using polls = await openPolls();
  const page = await (await polls.app.request("/docs")).text();
  assert.doesNotMatch(page, /<script/);
  const asking = page.replaceAll(/<pre.*?<\/pre>|<link rel="alternate".*?>/gs, ""); // those are for others to ask
  assert.doesNotMatch(asking, /(src|href)="(https?:)?\/\//);
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
