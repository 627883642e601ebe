/** Which address answers what, under which headers, and what becomes of everything else. @module */
import assert from "node:assert/strict";
import type { Readiness } from "../../routes/health.ts";
import { builtAssets, openSample, resultsOf } from "./sample.ts";

const BROWSER = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

Deno.test("every answer says how it may be used", async () => {
  using sample = await openSample();
  const script = (await builtAssets()).url("overview.js");
  const kinds = {
    "/": [/script-src 'self'; style-src 'self';.*frame-ancestors 'none'/, "same-origin"],
    "/api/v1/results": [/default-src 'none'/, "cross-origin"],
    "/portraits/a1.svg": [
      /^default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'$/,
      "cross-origin",
    ],
    [script]: [/default-src 'none'/, "cross-origin"],
    "/healthz": [/default-src 'none'/, "same-origin"],
    "/readyz": [/default-src 'none'/, "same-origin"],
    "/metrics": [/default-src 'none'/, "same-origin"],
  } as const;
  for (const [path, [csp, usableBy]] of Object.entries(kinds)) {
    const { status, headers } = await sample.app.request(path);
    assert.equal(status, 200, path);
    assert.match(headers.get("Content-Security-Policy")!, csp, path);
    assert.equal(headers.get("Cross-Origin-Resource-Policy"), usableBy, path);
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff", path);
    assert.equal(headers.get("Referrer-Policy"), "strict-origin-when-cross-origin", path);
  }
});

Deno.test("an unknown address is a problem with a code for programs, and a small page for people", async () => {
  using sample = await openSample();
  const problem = await sample.app.request("/api/v1/nothing", { headers: BROWSER });
  assert.equal(problem.status, 404);
  assert.equal(problem.headers.get("Content-Type"), "application/problem+json");
  const body = await problem.json();
  assert.deepEqual([body.type, body.status, body.code], ["about:blank", 404, "not_found"]);

  const page = await sample.app.request("/nothing", { headers: BROWSER });
  assert.equal(page.status, 404);
  assert.match(page.headers.get("Content-Type")!, /^text\/html/);
  assert.match(page.headers.get("Content-Security-Policy")!, /script-src 'self'/);
  assert.match(await page.text(), /<h1><bdi>Not found<\/bdi><\/h1>/);
});

Deno.test("a wrong method is told which are right", async () => {
  using sample = await openSample();
  for (const path of ["/api/v1/results", "/", "/portraits/a1.svg"]) {
    const response = await sample.app.request(path, { method: "DELETE" });
    assert.equal(response.status, 405, path);
    assert.equal(response.headers.get("Allow"), "GET, HEAD", path);
    assert.equal((await response.json()).code, "method_not_allowed");
  }
});

Deno.test("a failure says nothing of what failed, but reports it", async () => {
  const fault = new Error("secret: postgres://user:password@host");
  const metrics = { contentType: "text/plain", render: () => Promise.reject(fault) };
  using sample = await openSample(undefined, {}, { metrics });
  for (const headers of [{}, BROWSER]) {
    const response = await sample.app.request("/metrics", { headers });
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /secret|postgres|at .*\.ts/);
  }
  assert.deepEqual(sample.failures, [fault, fault]);
});

Deno.test("no answer repeats the Host header", async () => {
  using sample = await openSample();
  for (const path of ["/", "/api/v1/results", "/api/v1/nothing", "/nothing"]) {
    const response = await sample.app.request(`http://evil.example${path}`, {
      headers: { Host: "evil.example", ...BROWSER },
    });
    assert.doesNotMatch(await response.text() + JSON.stringify([...response.headers]), /evil\.example/, path);
  }
});

Deno.test("alive is not ready: readiness follows the log, with version, lag, progress and newest snapshot", async () => {
  const asOf = Date.now() - 7_000;
  let answer: Readiness = {
    ready: false,
    lag: { votes_topic: [7, 0] },
    progress: { done: 3, total: 10 },
    snapshot: { version: 5, asOf },
  };
  using sample = await openSample(undefined, {}, { readiness: () => Promise.resolve(answer) });
  const { version } = resultsOf([100, 80, 60]);
  const ready = () => sample.app.request("/readyz");
  assert.equal((await sample.app.request("/healthz")).status, 200);
  assert.equal((await ready()).status, 503);
  const { snapshot, ...rest } = await (await ready()).json();
  assert.deepEqual(rest, { status: "catching_up", version, lag: answer.lag, progress: answer.progress });
  assert.deepEqual([snapshot.version, snapshot.as_of], [5, new Date(asOf).toISOString()]);
  assert.ok(snapshot.age_seconds >= 7);

  answer = { ready: true, lag: null, progress: null, snapshot: null };
  assert.equal((await ready()).status, 200);
  const nothing = { lag: null, progress: null, snapshot: null };
  assert.deepEqual(await (await ready()).json(), { status: "ready", version, ...nothing });
});

Deno.test("metrics are passed on in their own media type", async () => {
  using sample = await openSample();
  const response = await sample.app.request("/metrics");
  assert.equal(response.headers.get("Content-Type"), "text/plain; version=0.0.4");
  assert.equal(await response.text(), "votes_counted 240\n");
});
