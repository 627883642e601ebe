/** oEmbed: our pages show themselves where their address is pasted, by the rules of those who ask. @module */
import assert from "node:assert/strict";
import type { Regions } from "../../pipeline/regions.ts";
import { HOSTILE } from "../browser/hostile.ts";
import {
  askedByWordPress,
  bookmarkedByGhost,
  discoveredByWordPress,
  embeddedByWordPress,
  isEmbeddedByGhost,
  isSizedByWordPress,
  readXml,
} from "./oembed_consumers.ts";
import { builtAssets, CANDIDATES, openSample, resultsOf } from "./sample.ts";

const BASE = "http://localhost";
const REGIONS: Regions = {
  election: { id: "e1" },
  version: 1,
  as_of: "2026-06-03T14:03:22.000Z",
  candidates: CANDIDATES,
  regions: [{ state: "Tyne & Wear", count: 6, voters: 10, turnout: 0.6, votes: [3, 2, 1] }],
};
const REGION = `/regions/${encodeURIComponent("Tyne & Wear")}`;

async function openOembed(first = resultsOf([1_234, 980, 612])) {
  const sample = await openSample(first, {}, { regions: () => REGIONS });
  const text = async (address: string) => {
    const response = await sample.app.request(address);
    assert.equal(response.status, 200, address);
    return await response.text();
  };
  return {
    ...sample,
    text,
    get: (url: string, more: Record<string, string> = {}) =>
      sample.app.request(`/oembed?${new URLSearchParams({ url, ...more })}`),
    [Symbol.dispose]: sample.close,
  };
}

/** Every page, and the frame that stands for it. */
const PAGES = {
  "/": "/embed/v1/bars",
  "/race": "/embed/v1/race",
  "/regions": "/embed/v1/map",
  [REGION]: "/embed/v1/bars?region=Tyne+%26+Wear",
  "/candidates": "/embed/v1/table",
  "/candidates/b2": "/embed/v1/table",
  "/quality": "/embed/v1/card",
  "/sql": "/embed/v1/card",
  "/docs": "/embed/v1/card",
  "/embed": "/embed/v1/bars",
  "/embed/v1/table?limit=2&theme=dark": "/embed/v1/table?limit=2&theme=dark",
};

Deno.test("WordPress finds, takes and sizes a frame for every page", async () => {
  using sample = await openOembed();
  for (const [path, frame] of Object.entries(PAGES)) {
    const page = await sample.text(path);
    const endpoint = discoveredByWordPress(page);
    assert.ok(endpoint?.startsWith(`${BASE}/oembed?`), path);
    const answer = JSON.parse(await sample.text(askedByWordPress(endpoint!, BASE + path, 500)));
    assert.equal(answer.version, "1.0");
    assert.ok(answer.width <= 500 && answer.height <= 750, path);
    const html = embeddedByWordPress(answer, "s3cret")!;
    assert.ok(html.includes(` src="${BASE}${frame.replaceAll("&", "&amp;")}#?secret=s3cret"`), html);
    assert.ok(isSizedByWordPress(html), "it loads the script that hears of heights");
    assert.match(html, /<blockquote[^>]*><a href="[^"]+">Simulated: /);
    assert.equal((await sample.app.request(frame)).status, 200, frame);
  }
});

Deno.test("Ghost takes the answer as an embed, or makes a bookmark with a picture of the state", async () => {
  using sample = await openOembed();
  for (const path of Object.keys(PAGES)) {
    const page = await sample.text(path);
    assert.ok(isEmbeddedByGhost(JSON.parse(await sample.text(discoveredByWordPress(page)!))), path);
    const bookmark = bookmarkedByGhost(page);
    for (const [name, value] of Object.entries(bookmark)) {
      if (name !== "icon" || !path.startsWith("/embed/v1")) assert.ok(value, `${path}: ${name}`);
    }
    assert.equal(bookmark.url, BASE + path);
    const { pathname, search } = new URL(bookmark.thumbnail!);
    assert.match(pathname, /^\/img\/v1\/card\.png$/);
    assert.equal((await sample.app.request(pathname + search)).headers.get("Content-Type"), "image/png");
  }
});

Deno.test("Twitter cards are large ones, with the same picture and its words", async () => {
  using sample = await openOembed();
  const page = await sample.text("/");
  for (
    const [name, value] of [
      ["twitter:card", "summary_large_image"],
      ["twitter:image", `${BASE}/img/v1/card.png?theme=light&amp;width=1200`],
      [
        "twitter:image:alt",
        "Simulated: Amelia Hartley (Management Party) leads by 254 votes; turnout is 28.3%.",
      ],
    ]
  ) assert.ok(page.includes(`<meta name="${name}" content="${value}"/>`), name);
  assert.ok(page.includes('<meta property="og:image:width" content="1200"/>'));
  assert.ok(page.includes('<meta property="og:image:height" content="630"/>'));
});

Deno.test("limits of width and height are kept, by the thumbnail too", async () => {
  using sample = await openOembed();
  for (const [maxwidth, maxheight] of [[300, 2_000], [2_000, 200], [600, 600], [90, 90]]) {
    const limits = { maxwidth: String(maxwidth), maxheight: String(maxheight) };
    const answer = await (await sample.get(`${BASE}/`, limits)).json();
    assert.ok(answer.width <= maxwidth && answer.height <= maxheight);
    assert.match(answer.html, new RegExp(`width="${answer.width}" height="${answer.height}"`));
    const thumbnail = ["thumbnail_url", "thumbnail_width", "thumbnail_height"].filter((name) =>
      name in answer
    );
    assert.ok(thumbnail.length === 0 || thumbnail.length === 3, "all of them or none");
    if (thumbnail.length === 3) {
      assert.ok(answer.thumbnail_width <= maxwidth && answer.thumbnail_height <= maxheight);
    }
  }
});

Deno.test("XML says the same as JSON", async () => {
  using sample = await openOembed();
  const json = await (await sample.get(`${BASE}${REGION}`)).json();
  const response = await sample.get(`${BASE}${REGION}`, { format: "xml" });
  assert.equal(response.headers.get("Content-Type"), "text/xml; charset=utf-8");
  const asText = Object.entries(json).map(([name, value]) => [name, String(value)]);
  assert.deepEqual(readXml(await response.text()), Object.fromEntries(asText));
});

Deno.test("only our own pages are answered for, in a format that we have", async () => {
  using sample = await openOembed();
  const refused: [number, string, string, Record<string, string>?][] = [
    [404, "not_found", "http://evil.example/"],
    [404, "not_found", "http://localhost.evil.example/"],
    [404, "not_found", "http://localhost:8000/"],
    [404, "not_found", "javascript://localhost/%0aalert(1)"],
    [404, "not_found", "/"],
    [404, "not_found", `${BASE}/nothing`],
    [404, "not_found", `${BASE}/api/v1/results`],
    [404, "not_found", `${BASE}/regions/Atlantis`],
    [404, "not_found", `${BASE}/regions/%zz`],
    [404, "not_found", `${BASE}/candidates/nobody`],
    [404, "not_found", `${BASE}/embed/v1/pie`],
    [404, "not_kept", `${BASE}/embed/v1/bars?as_of=1`],
    [501, "format_unknown", `${BASE}/`, { format: "yaml" }],
    [400, "invalid", `${BASE}/`, { maxwidth: "wide" }],
    [400, "invalid", `${BASE}/`, { maxheight: "0" }],
  ];
  for (const [status, code, url, more] of refused) {
    const response = await sample.get(url, more);
    assert.deepEqual([response.status, (await response.json()).code], [status, code], `${url} ${more}`);
  }
  assert.equal((await sample.app.request("/oembed")).status, 400);
  // What others add to an address changes nothing.
  assert.equal((await sample.get(`${BASE}/?utm_source=news&fbclid=1#top`)).status, 200);
});

Deno.test("below a path of a shared host, only what is below it is ours", async () => {
  const assets = { ...await builtAssets(), address: (path: string) => `https://host.example/teller${path}` };
  using sample = await openSample(undefined, {}, { assets });
  const get = (url: string) => sample.app.request(`/oembed?url=${encodeURIComponent(url)}`);
  assert.equal((await get("https://host.example/race")).status, 404);
  const answer = await (await get("http://host.example/teller/race")).json();
  assert.match(answer.html, /src="https:\/\/host\.example\/teller\/embed\/v1\/race"/);
});

Deno.test("names of any kind stay text, whoever embeds them", async () => {
  using sample = await openOembed();
  for (const name of HOSTILE) {
    const results = resultsOf([5, 3, 2]);
    for (const candidate of results.candidates) candidate.candidate_name = name;
    sample.publish(results);
    const answer = await (await sample.get(`${BASE}/`)).json();
    assert.equal(
      answer.html.match(/<[a-z/]+/g).join(),
      "<blockquote,<a,</a,</blockquote,<iframe,</iframe",
      name,
    );
    assert.ok(embeddedByWordPress(answer, "s")?.includes("/embed/v1/bars#?secret=s"), name);
    readXml(await (await sample.get(`${BASE}/`, { format: "xml" })).text());
  }
  const page = await sample.text("/");
  assert.ok(discoveredByWordPress(page));
});
