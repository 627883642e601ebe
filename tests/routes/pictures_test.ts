/** Pictures for other sites: the right numbers, drawn once, at any point that is kept. @module */
import assert from "node:assert/strict";
import { Hono } from "hono";
import { DOMParser } from "linkedom";
import { createHistory } from "../../analytics/history.ts";
import type { VoterGroup } from "../../pipeline/snapshot.ts";
import type { Results } from "../../pipeline/results.ts";
import { createPainter, type PaintingJob } from "../../routes/picture_painter.ts";
import { getPicture } from "../../routes/pictures.ts";
import { HOSTILE } from "../browser/hostile.ts";
import { captureOf, cellOf, Folder, sharedDuckDb, START } from "../analytics/captures.ts";
import { openSample, resultsOf } from "./sample.ts";

/** A well-formed picture's texts from top to bottom, and what it says of itself. */
async function readSvg(response: Response) {
  assert.equal(response.status, 200, await response.clone().text());
  const svg = await response.text();
  const { documentElement: root } = new DOMParser().parseFromString(svg, "image/svg+xml");
  return {
    svg,
    root,
    texts: root.querySelectorAll("text").map(({ textContent }: { textContent: string }) => textContent),
    description: root.querySelector("desc").textContent as string,
    widths: (colour: string) =>
      root.querySelectorAll(`rect[fill="${colour}"]`)
        .map((rect: Element) => Number(rect.getAttribute("width"))),
  };
}

const COLOURS = { a1: "#17408f", b2: "#bd5310", c3: "#098586" };

Deno.test("bars, table and card show a known election's numbers, and say so to those who can't see them", async () => {
  using sample = await openSample(resultsOf([1_234, 980, 612]));
  const get = async (path: string) => await readSvg(await sample.app.request(`/img/v1/${path}`));
  const sentence = "Simulated: Amelia Hartley (Management Party) leads by 254 votes; turnout is 28.3%.";
  for (const view of ["bars", "table", "card"]) {
    const { texts, description, root } = await get(`${view}.svg`);
    const all = texts.join("|");
    assert.equal(description, sentence, view);
    assert.equal(root.getAttribute("aria-describedby"), root.querySelector("desc").id);
    assert.match(all, /SIMULATED.*Sample election/, view);
    assert.match(all, /Amelia Hartley.*Oliver Chapman.*Priya Raman/, view);
    assert.match(all, /43\.7%.*34\.7%.*21\.7%/, view);
    assert.match(all, /Turnout 28\.3% · 2,826 votes counted · 3 Jun 2026, 14:03:22 UTC$/, view);
  }
  assert.match((await get("table.svg")).texts.join("|"), /1,234.*980.*612/);
  assert.match((await get("card.svg")).texts.join("|"), /leads by 254 votes/);

  const { widths, texts } = await get("bars.svg");
  assert.match(texts.join("|"), /1,234 \(43\.7%\).*980 \(34\.7%\).*612 \(21\.7%\)/);
  const [first] = widths(COLOURS.a1), [second] = widths(COLOURS.b2), [third] = widths(COLOURS.c3);
  assert.ok(Math.abs(second / first - 980 / 1_234) < 0.001, "a bar is as long as its votes");
  assert.ok(Math.abs(third / first - 612 / 1_234) < 0.001);
});

Deno.test("a picture is as wide, coloured, long and local as asked", async () => {
  using sample = await openSample(resultsOf([1_234, 980, 612]));
  const get = async (path: string) => await readSvg(await sample.app.request(`/img/v1/${path}`));
  const german = await get("bars.svg?locale=de&limit=1&theme=dark&width=900");
  assert.match(german.texts.join("|"), /1\.234 \(43,7\s%\).*and 2 more/);
  assert.doesNotMatch(german.svg, /Chapman|Raman|#fbfaf6|prefers-color-scheme/);
  assert.equal(german.root.getAttribute("width"), "900");
  const [, , width] = german.root.getAttribute("viewBox").split(" ");
  assert.equal(width, "600");

  // Narrow ones are laid out anew instead of being made too small to read.
  assert.equal((await get("table.svg?width=320")).root.getAttribute("viewBox").split(" ")[2], "360");
  assert.match((await get("bars.svg")).svg, /<style>@media \(prefers-color-scheme:dark\)/);
  assert.doesNotMatch((await get("bars.svg?theme=light")).svg, /<style>/);
});

Deno.test("all text of a picture 600 px wide is large enough to read", async () => {
  await using pictures = await openPast();
  for (const view of ["bars", "table", "card", "race", "map"]) {
    const { root } = await readSvg(await pictures.get(`/img/v1/${view}.svg?width=600`));
    const scale = 600 / Number(root.getAttribute("viewBox").split(" ")[2]);
    for (const text of root.querySelectorAll("text")) {
      const sized = text.closest("[font-size]");
      assert.ok(scale * Number(sized.getAttribute("font-size")) >= 11, `${view}: ${text.outerHTML}`);
    }
  }
});

Deno.test("a PNG has the size that it was asked for", async () => {
  using sample = await openSample();
  for (const [query, width, height] of [["", 600, 315], ["?width=1200", 1_200, 630]] as const) {
    const response = await sample.app.request(`/img/v1/card.png${query}`);
    assert.equal(response.headers.get("Content-Type"), "image/png");
    const png = await response.bytes();
    assert.deepEqual([...png.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
    const view = new DataView(png.buffer);
    assert.deepEqual([view.getUint32(16), view.getUint32(20)], [width, height]);
  }
});

/** A real painter that notes what it paints, and paints only while it is let. */
function heldPainter() {
  const real = createPainter();
  const painted: PaintingJob[] = [];
  let allowed = Promise.resolve();
  let release = () => {};
  return {
    painted,
    hold() {
      const held = Promise.withResolvers<void>();
      allowed = held.promise;
      release = held.resolve;
    },
    release: () => release(),
    async paint(job: PaintingJob) {
      painted.push(job);
      await allowed;
      return await real.paint(job);
    },
    [Symbol.dispose]: () => real[Symbol.dispose](),
  };
}

Deno.test("a picture is made once for each version and choice, and revalidated by its tag", async () => {
  using painter = heldPainter();
  using sample = await openSample(undefined, {}, { painter });
  const get = (headers = {}, query = "", type = "png") =>
    sample.app.request(`/img/v1/bars.${type}?width=300${query}`, { headers });
  const [first, meanwhile] = await Promise.all([get(), get()]);
  const again = await get();
  assert.equal(painter.painted.length, 1);
  assert.deepEqual(await again.bytes(), await first.bytes());
  assert.deepEqual(await meanwhile.bytes(), await (await get()).bytes());
  assert.match(
    first.headers.get("Cache-Control")!,
    /^public, max-age=\d+, s-maxage=\d+, stale-while-revalidate=\d+/,
  );
  const tag = first.headers.get("ETag")!;
  assert.equal((await get({ "If-None-Match": tag })).status, 304);
  assert.notEqual((await get({}, "&theme=dark")).headers.get("ETag"), tag);
  assert.equal(painter.painted.length, 2);

  const svgTag = (await get({}, "", "svg")).headers.get("ETag")!;
  sample.publish(resultsOf([101, 80, 60]));
  const newer = await get({ "If-None-Match": svgTag }, "", "svg");
  assert.equal(newer.status, 200);
  assert.notEqual(newer.headers.get("ETag"), svgTag);
  assert.match(await newer.text(), /101/);
});

Deno.test("while a newer PNG is painted, the one before is given for five seconds, and says how old it is", async () => {
  using painter = heldPainter();
  let nowMs = 0;
  let results = resultsOf([100, 80, 60]);
  const source = () => Promise.resolve({ results, charts: null, tag: String(results.version) });
  const app = new Hono().get("/img/v1/:file", getPicture(source, painter, () => nowMs));
  const get = async (headers = {}) => {
    const answer = await app.request("/img/v1/bars.png", { headers });
    const { status } = answer;
    return {
      status,
      tag: answer.headers.get("ETag"),
      age: answer.headers.get("Age"),
      png: await answer.bytes(),
    };
  };
  const before = await get();
  assert.equal(before.age, null);

  painter.hold();
  for (const votes of [101, 102, 103]) {
    nowMs += 1_000;
    results = resultsOf([votes, 80, 60]);
    assert.deepEqual(await get(), { ...before, age: String(nowMs / 1_000) });
    assert.equal((await get({ "If-None-Match": before.tag })).status, 304);
  }
  assert.equal(painter.painted.length, 2, "one at a time is painted of each choice");
  nowMs = 5_000;
  const next = get();
  painter.release();
  const { tag, png } = await next;
  assert.match(painter.painted[1].svg, />101 \(/);
  assert.notEqual(tag, before.tag);
  assert.notDeepEqual(png, before.png);

  nowMs = 10_000;
  const last = await get();
  assert.match(painter.painted[2].svg, />103 \(/);
  assert.equal(last.age, null);
  assert.deepEqual(await get(), last);
});

Deno.test("too many pictures at once are put off, and all others come", async () => {
  using sample = await openSample();
  const widths = Array.from({ length: 14 }, (_, i) => 200 + i);
  const answers = await Promise.all(
    widths.map((width) => sample.app.request(`/img/v1/bars.png?width=${width}`)),
  );
  const late = answers.filter(({ status }) => status === 503);
  assert.ok(late.length > 0 && late.length < answers.length, `${late.length} were put off`);
  for (const answer of late) {
    assert.equal(answer.headers.get("Retry-After"), "2");
    assert.equal((await answer.json()).code, "overloaded");
  }
  for (const answer of answers) assert.ok([200, 503].includes(answer.status));
  // What was put off is not remembered.
  const width = widths[answers.indexOf(late[0])];
  assert.equal((await sample.app.request(`/img/v1/bars.png?width=${width}`)).status, 200);
  assert.deepEqual(sample.failures, []);
});

Deno.test("what can't be drawn is a problem with a code", async () => {
  using sample = await openSample();
  const problems = {
    "pie.svg": [404, "not_found"],
    "bars.gif": [404, "not_found"],
    "bars.svg?width=100": [400, "invalid"],
    "bars.svg?limit=0": [400, "invalid"],
    "bars.svg?theme=pink": [400, "invalid"],
    "bars.svg?locale=e_e": [400, "invalid"],
    "bars.svg?colour=red": [400, "unknown_parameter"],
    "race.svg?region=Kent": [400, "invalid"],
    "bars.svg?region=Atlantis": [404, "not_found"],
    "bars.svg?as_of=1": [404, "not_kept"],
    "race.png": [503, "no_snapshot_yet"],
  } as const;
  for (const [path, [status, code]] of Object.entries(problems)) {
    const response = await sample.app.request(`/img/v1/${path}`);
    assert.deepEqual([response.status, (await response.json()).code], [status, code], path);
  }
});

Deno.test("names of any kind leave a picture a picture", async () => {
  using sample = await openSample();
  for (const [i, name] of HOSTILE.entries()) {
    const results = resultsOf([5, 3, 2]);
    for (const candidate of results.candidates) candidate.candidate_name = candidate.party_affiliation = name;
    results.election.title = name;
    sample.publish(results);
    for (const view of ["bars", "table", "card"]) {
      const { root, svg } = await readSvg(await sample.app.request(`/img/v1/${view}.svg`));
      assert.equal(root.querySelectorAll("script, foreignObject, image, a, animate, iframe").length, 0, name);
      assert.equal(root.querySelectorAll("svg").length, 0, name);
      assert.doesNotMatch(svg, /[\u202a-\u202e\u2066-\u2069]/);
      assert.ok(svg.endsWith("</svg>"));
    }
    if (i % 25 > 0) continue; // the same XML, read by another parser
    const png = await sample.app.request("/img/v1/card.png?width=200");
    assert.equal(png.status, 200, name);
    await png.body?.cancel();
  }
});

Deno.test("a name that looks like a colour stays a name, and all colours are colours", async () => {
  await using pictures = await openPast();
  const names = ["var(--ink)", "currentColor", 'fill="var(--rule)"'];
  const results = resultsOf([9, 12, 2], { version: 13 }, 60);
  for (const [i, candidate] of results.candidates.entries()) candidate.candidate_name = names[i];
  results.election.title = names[0];
  pictures.publish(results);
  for (const view of ["bars", "table", "card"]) {
    const { texts, description } = await readSvg(await pictures.get(`/img/v1/${view}.svg`));
    for (const name of names) {
      assert.ok(texts.some((text: string) => text.includes(name)), `${view}: ${name}`);
    }
    assert.match(description, /^Simulated: var\(--ink\) \(/);
  }
  const files = ["bars", "table", "card", "race", "map"].map((view) => `/img/v1/${view}.svg`)
    .concat(["votes", "share", "race", "map", "age", "gender"].map((name) => `/charts/${name}.svg`));
  for (const file of files) {
    const svg = await (await pictures.get(file)).text();
    const { documentElement: root } = new DOMParser().parseFromString(svg, "image/svg+xml");
    for (const part of [root, ...root.querySelectorAll("*")]) {
      for (const { name, value } of part.attributes) {
        if (name !== "aria-label") assert.doesNotMatch(value, /var\(|currentColor/, `${file} ${name}`);
      }
    }
  }
});

/** An app with snapshots of two moments, and what it shows now. */
async function openPast() {
  const stack = new AsyncDisposableStack();
  const snapshots = stack.use(await stack.use(new Folder()).open());
  const at = (windows: number) => START + windows * 10_000;
  const groups: VoterGroup[] = [
    { state: "Kent", ageBand: "30–39", gender: "female", voters: 40 },
    { state: "Fife", ageBand: "30–39", gender: "male", voters: 20 },
  ];
  const results = (version: number, votes: number[], asOf: number): Results =>
    resultsOf(votes, { version, as_of: new Date(asOf).toISOString() }, 60);
  await snapshots.save(captureOf(1, at(3), {
    cells: [cellOf(at(0), { votes: 9 }), cellOf(at(1), { votes: 4, candidateId: "b2", state: "Fife" })],
    groups,
    results: results(11, [9, 4, 0], at(3)),
  }));
  await snapshots.save(captureOf(2, at(6), {
    cells: [cellOf(at(4), { votes: 7, candidateId: "b2" })],
    groups,
    results: results(12, [9, 11, 0], at(6)),
  }));
  const now = results(13, [9, 12, 2], at(7));
  const regions = () => ({
    election: { id: "e1" },
    version: 13,
    as_of: now.as_of,
    candidates: now.candidates.toSorted((a, b) => a.candidate_id < b.candidate_id ? -1 : 1),
    regions: [{ state: "Kent", count: 18, voters: 40, turnout: 0.45, votes: [9, 8, 1] }],
  });
  const history = createHistory(await sharedDuckDb(), snapshots);
  const sample = stack.use(await openSample(now, {}, { history, past: snapshots, regions }));
  return {
    get: (path: string) => sample.app.request(path),
    publish: sample.publish,
    failures: sample.failures,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

Deno.test("a picture shows a point of the past, and a region of then or now", async () => {
  await using pictures = await openPast();
  const texts = async (path: string) =>
    (await readSvg(await pictures.get(`/img/v1/${path}`))).texts.join("|");
  const descriptions = async (path: string) =>
    (await readSvg(await pictures.get(`/img/v1/${path}`))).description;
  assert.match(await texts("bars.svg"), /Oliver Chapman.*12 \(52\.2%\).*Amelia Hartley.*9 \(39\.1%\)/);
  assert.match(
    await texts("bars.svg?as_of=11"),
    /Amelia Hartley.*9 \(69\.2%\).*Oliver Chapman.*4 \(30\.8%\)/,
  );
  assert.match(await texts("bars.svg?as_of=2026-05-07T10:00:59Z"), /9 \(69\.2%\).*10:00:30 UTC/);

  assert.match(
    await texts("table.svg?region=Kent"),
    /Kent · Sample election.*9\|50\.0%.*8\|44\.4%.*1\|5\.6%/,
  );
  assert.match(
    await descriptions("card.svg?region=Kent"),
    /Kent: Amelia Hartley .* leads by 1 vote; turnout is 45\.0%/,
  );
  assert.match(await texts("bars.svg?region=Kent&as_of=12"), /9 \(56\.3%\).*7 \(43\.8%\)/);
  assert.match(await texts("bars.svg?region=Fife&as_of=11"), /4 \(100\.0%\)/);

  assert.match(
    await texts("map.svg?as_of=11"),
    /Scotland.*South East.*Chapman.*Hartley.*\+4\|\+9.*10:00:30 UTC/,
  );
  assert.match(await texts("map.svg"), /Chapman.*Hartley.*\+4\|\+2.*10:01:00 UTC/);
  assert.match(await texts("race.svg"), /share of votes.*Hartley 45\.0%.*Chapman 55\.0%/);
  assert.deepEqual(pictures.failures, []);
});

Deno.test("the picture of a chart stays as it is until there is another snapshot", async () => {
  await using pictures = await openPast();
  const tags = async () => {
    const answers = await Promise.all(
      ["race", "map", "bars"].map((view) => pictures.get(`/img/v1/${view}.svg`)),
    );
    for (const answer of answers) assert.match(await answer.text(), /<svg/);
    return answers.map(({ headers }) => headers.get("ETag"));
  };
  const [race, map, bars] = await tags();
  pictures.publish(resultsOf([9, 12, 3], { version: 14 }, 60));
  const [raceNow, mapNow, barsNow] = await tags();
  assert.deepEqual([raceNow, mapNow], [race, map]);
  assert.notEqual(barsNow, bars);
});
