/** What programs get at `/api/v1/results`. @module */
import assert from "node:assert/strict";
import { openSample, resultsOf } from "./sample.ts";

const PATH = "/api/v1/results";

Deno.test("results are the newest, as JSON for any origin, to be revalidated", async () => {
  using sample = await openSample();
  const newest = resultsOf([101, 80, 60]);
  sample.publish(newest);
  const response = await sample.app.request(PATH);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), newest);
  assert.equal(response.headers.get("Content-Type"), "application/json");
  assert.equal(response.headers.get("Access-Control-Allow-Origin"), "*");
  assert.match(response.headers.get("Cache-Control")!, /max-age=0, s-maxage=\d+, stale-while-revalidate=\d+/);
  assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff");
});

Deno.test("a client that holds the newest results gets 304 and no body", async () => {
  using sample = await openSample();
  const etag = (await sample.app.request(PATH)).headers.get("ETag")!;
  for (const held of [etag, etag.replace("W/", ""), `"other", ${etag}`, "*"]) {
    const response = await sample.app.request(PATH, { headers: { "If-None-Match": held } });
    assert.equal(response.status, 304, held);
    assert.equal(await response.text(), "");
    assert.equal(response.headers.get("ETag"), etag);
  }
  const other = await sample.app.request(PATH, { headers: { "If-None-Match": '"other"' } });
  assert.equal(other.status, 200);
});

Deno.test("the ETag changes with what was counted, not with the clock or the rate", async () => {
  const first = resultsOf([100, 80, 60]);
  using sample = await openSample(first);
  const etag = async () => (await sample.app.request(PATH)).headers.get("ETag");
  const before = await etag();
  sample.publish({
    ...first,
    as_of: "2026-06-03T15:00:00.000Z",
    totals: { ...first.totals, votes_per_second: 0 },
  });
  assert.equal(await etag(), before);
  sample.publish({ ...first, totals: { ...first.totals, late: 1 } });
  assert.notEqual(await etag(), before);
});

Deno.test("unknown query parameters are refused by name", async () => {
  using sample = await openSample();
  const response = await sample.app.request(`${PATH}?asof=1&pretty`);
  assert.equal(response.status, 400);
  const body = await response.json();
  assert.equal(body.code, "unknown_parameter");
  assert.match(body.detail, /"asof", "pretty"/);
});

Deno.test("HEAD has the headers of GET and no body", async () => {
  using sample = await openSample();
  const response = await sample.app.request(PATH, { method: "HEAD" });
  assert.equal(response.status, 200);
  assert.ok(response.headers.get("ETag"));
  assert.equal(await response.text(), "");
});

Deno.test("the ETag changes when voting opens and when it closes", async () => {
  const election = {
    ...resultsOf([]).election,
    opens_at: "2026-06-03T07:00:00.000Z",
    closes_at: "2026-06-03T22:00:00.000Z",
  };
  using sample = await openSample();
  const tags = new Set<string | null>();
  for (const as_of of ["2026-06-03T06:59:59.999Z", election.opens_at, election.closes_at]) {
    sample.publish(resultsOf([0, 0, 0], { election, as_of }));
    tags.add((await sample.app.request(PATH)).headers.get("ETag"));
  }
  assert.equal(tags.size, 3);
});
