/** The widget's files: how big, how long they may be kept, who may load them. @module */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { createPainter } from "../../routes/picture_painter.ts";
import { createStartingApp } from "../../routes/starting.ts";
import { newestRelease } from "../../routes/widget.ts";
import { RELEASES } from "../../widget/releases.ts";
import { builtAssets, openSample } from "./sample.ts";

const BUDGET_BYTES = 15 << 10;
const README = Deno.readTextFileSync(new URL("../../README.md", import.meta.url));

Deno.test("the widget is at most 15 KB gzipped, with every view, and loads nothing else", async () => {
  using sample = await openSample();
  const script = await (await sample.app.request("/widget/v1.js")).text();
  const bytes = gzipSync(script).length;
  assert.ok(bytes <= BUDGET_BYTES, `${bytes} bytes`);
  assert.doesNotMatch(script, /^import|[;}]import\b|\bimport\s*\(|\bfrom\s*"/);
  assert.ok(bytes > 5_000, "it is all there");
});

Deno.test("anybody may load it; the newest is asked for again soon, a release never", async () => {
  using sample = await openSample();
  const kept = {
    "v1": /max-age=(300|[12]?\d?\d), stale-while-revalidate/,
    [RELEASES[0]]: /max-age=31536000, immutable/,
  };
  for (const [name, cacheControl] of Object.entries(kept)) {
    const path = `/widget/${name}.js`;
    const { status, headers } = await sample.app.request(path, { headers: { Origin: "null" } });
    assert.equal(status, 200, path);
    assert.match(headers.get("Cache-Control")!, cacheControl);
    assert.equal(headers.get("Content-Type"), "text/javascript; charset=utf-8");
    assert.equal(headers.get("Access-Control-Allow-Origin"), "*");
    assert.equal(headers.get("Cross-Origin-Resource-Policy"), "cross-origin");
    const again = await sample.app.request(path, { headers: { "If-None-Match": headers.get("ETag")! } });
    assert.equal(again.status, 304);
  }
});

Deno.test("what is no version is not found", async () => {
  using sample = await openSample();
  for (
    const file of ["v2.js", "1.0.js", "0.9.0.js", "widget.js", "1.0.0.js.map", "..%2fassets%2foverview.js"]
  ) {
    const response = await sample.app.request(`/widget/${file}`);
    assert.equal(response.status, 404, file);
    await response.body?.cancel();
  }
});

Deno.test("it is there while the log is being opened", async () => {
  using painter = createPainter();
  const app = createStartingApp({ assets: await builtAssets(), painter, frameAncestors: "*" });
  assert.equal((await app.request("/widget/v1.js")).status, 200);
});

Deno.test("a release is what it was: the README has the hash of each", async () => {
  using sample = await openSample();
  for (const version of RELEASES) {
    const response = await sample.app.request(`/widget/${version}.js`);
    const hash = createHash("sha384").update(new Uint8Array(await response.arrayBuffer())).digest("base64");
    assert.ok(
      README.includes(`\`${version}\``) && README.includes(`sha384-${hash}`),
      `${version}: sha384-${hash}`,
    );
    if (version === RELEASES.at(-1)) {
      assert.deepEqual(newestRelease(await builtAssets()), { version, integrity: `sha384-${hash}` });
    }
  }
});

Deno.test("other sites may ask for results, also with a preflight, but without credentials", async () => {
  using sample = await openSample();
  for (
    const path of ["/api/v1/results", "/api/v1/live", "/api/v1/regions", "/charts/data.json", "/widget/v1.js"]
  ) {
    const { status, headers } = await sample.app.request(path, {
      method: "OPTIONS",
      headers: {
        "Origin": "https://news.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
      },
    });
    assert.equal(status, 204, path);
    assert.equal(headers.get("Access-Control-Allow-Origin"), "*");
    assert.equal(headers.get("Access-Control-Allow-Methods"), "GET,HEAD");
    assert.match(headers.get("Access-Control-Allow-Headers")!, /if-none-match/i);
    assert.equal(headers.get("Access-Control-Allow-Credentials"), null);
  }
});
