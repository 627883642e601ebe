/** The files of the pages: portraits, scripts, styles. @module */
import assert from "node:assert/strict";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { DARK, LIGHT } from "../../islands/theme.ts";
import { loadAssets } from "../../routes/assets.ts";
import { builtAssets, openSample } from "./sample.ts";

const FOR_EVER = /immutable/;

Deno.test("an id has one portrait for ever, other ids have others", async () => {
  using sample = await openSample();
  const draw = async (id: string) => {
    const response = await sample.app.request(`/portraits/${encodeURIComponent(id)}.svg`);
    assert.equal(response.status, 200, id);
    assert.equal(response.headers.get("Content-Type"), "image/svg+xml");
    assert.match(response.headers.get("Cache-Control")!, FOR_EVER);
    return await response.text();
  };
  const first = await draw("a1");
  assert.match(first, /^<svg /);
  assert.equal(await draw("a1"), first);
  assert.notEqual(await draw("b2"), first);
  for (const id of ["ü/ß?#", "100%", "a.svg", "😀".repeat(128), "x".repeat(128)]) await draw(id);
});

Deno.test("nothing of an id stands in its portrait", async () => {
  using sample = await openSample();
  const id = "<script>alert(1)</script>";
  const response = await sample.app.request(`/portraits/${encodeURIComponent(id)}.svg`);
  assert.doesNotMatch(await response.text(), /<script|alert/);
});

Deno.test("ids that can't exist have no portrait", async () => {
  using sample = await openSample();
  for (const file of [".svg", "a1", "a1.png", "x".repeat(129) + ".svg"]) {
    const response = await sample.app.request(`/portraits/${file}`);
    assert.equal(response.status, 404, file);
  }
});

Deno.test("built files are kept for ever under the names that pages use, in their own types", async () => {
  using sample = await openSample();
  const assets = await builtAssets();
  const types = { "overview.js": "text/javascript", "style.css": "text/css", "icon.svg": "image/svg+xml" };
  for (const [name, type] of Object.entries(types)) {
    const response = await sample.app.request(assets.url(name));
    assert.equal(response.status, 200, name);
    assert.ok(response.headers.get("Content-Type")!.startsWith(type));
    assert.match(response.headers.get("Cache-Control")!, FOR_EVER);
    assert.ok((await response.text()).length > 100);
  }
});

Deno.test("files and pages come compressed to whoever takes that, and nothing else does", async () => {
  using sample = await openSample();
  const assets = await builtAssets();
  const get = (path: string, coding?: string) =>
    sample.app.request(path, {
      headers: { Accept: "text/html", ...coding && { "Accept-Encoding": coding } },
    });
  const decoders = { br: brotliDecompressSync, gzip: gunzipSync };
  for (const path of [assets.url("overview.js"), assets.url("style.css"), "/", "/nothing"]) {
    const plain = await get(path);
    assert.equal(plain.headers.get("Content-Encoding"), null);
    assert.equal(plain.headers.get("Vary"), "Accept-Encoding");
    const bytes = await plain.bytes();
    for (const [asked, given] of [["gzip, deflate, br", "br"], ["br;q=0, gzip", "gzip"]] as const) {
      // Pages are made for whoever asks, and so by the faster one only.
      const coding = path.startsWith("/assets/") ? given : "gzip";
      const response = await get(path, asked);
      assert.equal(response.headers.get("Content-Encoding"), coding, path);
      assert.equal(response.headers.get("Vary"), "Accept-Encoding");
      const compressed = await response.bytes();
      assert.ok(compressed.length < bytes.length, path);
      assert.ok(decoders[coding](compressed).equals(bytes), path);
    }
    assert.equal((await get(path, "identity, gzip;q=0")).headers.get("Content-Encoding"), null);
  }
  // The stream would be held back, and answers for programs keep their length and their ETag.
  for (const path of ["/api/v1/live", "/api/v1/results", "/charts/votes.csv", "/portraits/a1.svg"]) {
    const response = await get(path, "gzip, br");
    assert.equal(response.headers.get("Content-Encoding"), null, path);
    await response.body?.cancel();
  }
});

Deno.test("only built files are served", async () => {
  using sample = await openSample();
  for (const file of ["manifest.json", "nothing.js", "..%2f..%2fdeno.json", "%2e%2e/%2e%2e/deno.json"]) {
    const response = await sample.app.request(`/assets/${file}`);
    assert.equal(response.status, 404, file);
    await response.body?.cancel();
  }
});

Deno.test("without a build the fault says which task makes one", () => {
  assert.throws(() => loadAssets(join(import.meta.dirname!, "nowhere"), () => ""), {
    code: "ASSETS_MISSING",
    message: /deno task build/,
  });
});

Deno.test("a new build is picked up while running, and the files of open pages stay", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const build = (name: string, content: string, atMs: number) => {
      Deno.writeTextFileSync(join(dir, name), content);
      Deno.writeTextFileSync(join(dir, "manifest.json"), JSON.stringify({ "style.css": name }));
      Deno.utimeSync(join(dir, "manifest.json"), new Date(atMs), new Date(atMs));
    };
    build("style-A.css", "a{}", 1_000_000);
    const assets = loadAssets(dir, () => "");
    assert.equal(assets.url("style.css"), "/assets/style-A.css");
    Deno.removeSync(join(dir, "style-A.css"));
    build("style-B.css", "b{}", 2_000_000);
    assert.equal(assets.url("style.css"), "/assets/style-B.css");
    assert.equal(new TextDecoder().decode(assets.read("style-A.css")), "a{}");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("pages and frames have the colours of pictures, by day and by night", async () => {
  using sample = await openSample();
  const assets = await builtAssets();
  for (const name of ["style.css", "embed.css"]) {
    const style = await (await sample.app.request(assets.url(name))).text();
    for (const colours of [LIGHT, DARK]) {
      for (const [property, colour] of Object.entries(colours)) {
        assert.ok(
          style.includes(`${property}: ${colour}`) || style.includes(`${property}:${colour}`),
          `${name}: ${property}`,
        );
      }
    }
  }
});
