/** What listeners get at `/api/v1/live`. @module */
import assert from "node:assert/strict";
import { resultsFrame } from "../../routes/live_frames.ts";
import { listen, openSample, resultsOf, until } from "./sample.ts";

Deno.test("a new listener gets the results and the locations at once", async () => {
  const first = resultsOf([100, 80, 60]);
  using sample = await openSample(first);
  const stream = await listen(sample.app);
  const { headers } = stream.response;
  assert.match(headers.get("Content-Type")!, /^text\/event-stream/);
  assert.equal(headers.get("Access-Control-Allow-Origin"), "*");
  assert.equal(headers.get("X-Accel-Buffering"), "no");

  const retryMs = Number((await stream.next())!.retry);
  assert.ok(retryMs >= 2_000 && retryMs < 3_000);
  const { locations, ...rest } = first;
  const results = (await stream.next())!;
  assert.equal(results.event, "results");
  assert.equal(results.id, String(first.version));
  assert.deepEqual(JSON.parse(results.data!), rest);
  const places = (await stream.next())!;
  assert.equal(places.event, "locations");
  assert.deepEqual(JSON.parse(places.data!), { election: { id: "e1" }, version: first.version, locations });
  await stream.cancel();
  assert.equal(sample.live.clients(), 0);
});

Deno.test("a results event of three candidates with full names, ids and addresses is at most 1,500 bytes", () => {
  const results = resultsOf([9_000_000, 8_000_000, 7_000_000], {}, 30_000_000);
  const partitions = { "0": 7_512_345, "1": 7_512_345, "2": 7_512_345, "3": 7_512_345 };
  const real = {
    ...results,
    election: {
      ...results.election,
      id: crypto.randomUUID(),
      title: "Parliamentary election of the 3rd of June",
    },
    offsets: { votes_topic: partitions, voters_topic: partitions, candidates_topic: { "0": 3 } },
    candidates: results.candidates.map((c) => ({
      ...c,
      candidate_id: crypto.randomUUID(),
      photo_url: `https://pictures.example/api/portraits/men/${c.candidate_id}.jpg`,
    })),
  };
  const bytes = new TextEncoder().encode(resultsFrame(real)).length;
  assert.ok(bytes <= 1_500, `${bytes} bytes`);
});

Deno.test("every listener hears of new results", async () => {
  using sample = await openSample();
  const streams = [await listen(sample.app), await listen(sample.app)];
  for (const stream of streams) for (let i = 0; i < 3; i++) await stream.next();
  const newer = resultsOf([101, 80, 60]);
  sample.publish(newer);
  for (const stream of streams) {
    assert.equal((await stream.next())!.id, String(newer.version));
    await stream.cancel();
  }
});

Deno.test("a slow reader gets the newest results, and none of those in between", async () => {
  using sample = await openSample();
  const response = await sample.app.request("/api/v1/live");
  // Nothing is read while these are published.
  for (let votes = 101; votes <= 200; votes++) sample.publish(resultsOf([votes, 80, 60]));
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  const newest = resultsOf([200, 80, 60]).version;
  const seen: number[] = [];
  while (seen.at(-1) !== newest) {
    const text = decoder.decode((await reader.read()).value);
    if (text.startsWith("event: results")) seen.push(Number(text.match(/^id: (\d+)$/m)![1]));
  }
  assert.deepEqual(seen, [resultsOf([100, 80, 60]).version, newest]);
  await reader.cancel();
});

Deno.test("locations follow at most once per interval, and the newest are never left out", async () => {
  const locationsEveryMs = 200;
  using sample = await openSample(undefined, { locationsEveryMs });
  const stream = await listen(sample.app);
  for (let i = 0; i < 3; i++) await stream.next();
  const startedMs = performance.now();
  let votes = 100;
  const publishing = setInterval(() => sample.publish(resultsOf([++votes, 80, 60])), 5);
  let places = 0;
  while (places < 4) if ((await stream.next())!.event === "locations") places++;
  const tookMs = performance.now() - startedMs;
  clearInterval(publishing);
  assert.ok(tookMs >= 3 * locationsEveryMs - 5, `4 frames in ${tookMs} ms`);
  const last = resultsOf([++votes, 80, 60]);
  sample.publish(last);
  let event;
  do event = (await stream.next())!; while (event.event !== "locations" || event.id !== String(last.version));
  await stream.cancel();
});

Deno.test("a crowd gets at once what is new, then only the newest after each interval, in one piece", async () => {
  using sample = await openSample(undefined, { crowd: 1, crowdEveryMs: 200, locationsEveryMs: 1 });
  const responses = [await sample.app.request("/api/v1/live"), await sample.app.request("/api/v1/live")];
  const readers = responses.map((response) =>
    response.body!.pipeThrough(new TextDecoderStream()).getReader()
  );
  for (const reader of readers) for (let i = 0; i < 3; i++) await reader.read();
  const idsOf = (text: string) =>
    [...text.matchAll(/^event: (.*)\nid: (.*)$/gm)].map(([, ...of]) => of.join(" "));
  const newer = [101, 102, 103, 104].map((votes) => resultsOf([votes, 80, 60]));
  const [first, second, , last] = newer.map(({ version }) => version);
  sample.publish(newer[0]);
  for (const reader of readers) {
    assert.deepEqual(idsOf((await reader.read()).value!), [`results ${first}`, `locations ${first}`]);
  }
  for (const results of newer.slice(1)) sample.publish(results);
  for (const reader of readers) {
    const ids = idsOf((await reader.read()).value!);
    assert.ok(ids.includes(`results ${last}`) && !ids.includes(`results ${second}`), `${ids}`);
    await reader.cancel();
  }
});

Deno.test("neither a pulse nor a round of nothing holds up a crowd's results", async () => {
  let published = 0;
  using sample = await openSample(undefined, {
    crowd: 0,
    crowdEveryMs: 40,
    vitalsEveryMs: 100,
    onPublished: () => published++,
  });
  const stream = await listen(sample.app);
  for (let i = 0; i < 3; i++) await stream.next();
  sample.publish(resultsOf([101, 80, 60]));
  assert.equal(published, 1);
  while ((await stream.next())?.event !== "vitals");
  sample.publish(resultsOf([102, 80, 60]));
  assert.equal(published, 2);
  await stream.cancel();
});

Deno.test("a quiet stream is kept open by comments", async () => {
  using sample = await openSample(undefined, { heartbeatMs: 5 });
  const stream = await listen(sample.app);
  for (let i = 0; i < 3; i++) await stream.next();
  assert.deepEqual(await stream.next(), { comment: "" });
  assert.deepEqual(await stream.next(), { comment: "" });
  await stream.cancel();
});

Deno.test("a listener that reads nothing is let go", async () => {
  using sample = await openSample(undefined, { heartbeatMs: 5, stalledMs: 10 });
  const response = await sample.app.request("/api/v1/live");
  sample.publish(resultsOf([101, 80, 60]));
  // Reading is what proves the end, and would reset the stall: so first wait for the count to fall.
  await until(() => sample.live.clients() === 0);
  const text = await response.text();
  assert.match(text, /^event: results$/m);
});

Deno.test("a stream ends at its age, so that connections that died unnoticed do not pile up", async () => {
  using sample = await openSample(undefined, { heartbeatMs: 5, maxAgeMs: 20 });
  const stream = await listen(sample.app);
  while (await stream.next());
  assert.equal(sample.live.clients(), 0);
});

Deno.test("past the cap listeners are asked to come back later", async () => {
  using sample = await openSample(undefined, { maxClients: 1 });
  const stream = await listen(sample.app);
  const refused = await sample.app.request("/api/v1/live");
  assert.equal(refused.status, 503);
  assert.equal((await refused.json()).code, "too_many_listeners");
  assert.ok(Number(refused.headers.get("Retry-After")) > 0);
  await stream.cancel();
  const welcome = await listen(sample.app);
  assert.equal(welcome.response.status, 200);
  await welcome.cancel();
});

Deno.test("HEAD opens no stream", async () => {
  using sample = await openSample();
  const response = await sample.app.request("/api/v1/live", { method: "HEAD" });
  assert.match(response.headers.get("Content-Type")!, /^text\/event-stream/);
  assert.equal(sample.live.clients(), 0);
});

Deno.test("closing ends all streams, so that the server can shut down", async () => {
  using sample = await openSample();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, sample.app.fetch);
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/api/v1/live`);
  sample.live.close();
  await server.shutdown();
  assert.match(await response.text(), /^event: results$/m);
  assert.equal(sample.live.clients(), 0);
  const after = await sample.app.request("/api/v1/live");
  assert.equal(after.status, 503);
  assert.equal((await after.json()).code, "stopping");
});

Deno.test("a listener that hangs up is forgotten, and how long publishing took is told", async () => {
  const published: number[] = [];
  using sample = await openSample(undefined, { onPublished: (_tookMs, clients) => published.push(clients) });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, sample.app.fetch);
  const caller = new AbortController();
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/api/v1/live`, { signal: caller.signal });
  const reader = response.body!.getReader();
  await reader.read();
  sample.publish(resultsOf([101, 80, 60]));
  assert.deepEqual(published, [1]);
  caller.abort();
  await assert.rejects(async () => {
    while (true) await reader.read();
  }, { name: "AbortError" });
  await until(() => sample.live.clients() === 0);
});
