/** What programs get of the past: Results and history as of a point, and snapshots with their files. @module */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createHistory } from "../../analytics/history.ts";
import { openServer } from "../../routes/server.ts";
import { API_SCHEMAS } from "../../routes/api_schemas.ts";
import { captureOf, cellOf, Folder, saveMany, sharedDuckDb, START } from "../analytics/captures.ts";
import { openSample, resultsOf } from "./sample.ts";

const time = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

/** An app on a folder of snapshots; `api` gives an answer as JSON, with its status. */
async function openPast() {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(new Folder());
  const snapshots = stack.use(await folder.open());
  const history = createHistory(await sharedDuckDb(), snapshots);
  const sample = stack.use(await openSample(resultsOf([100, 1]), {}, { history, past: snapshots }));
  const get = async (path: string, headers = {}) => await sample.app.request(path, { headers });
  return {
    folder,
    snapshots,
    app: sample.app,
    get,
    async json(path: string) {
      const response = await get(path);
      return { status: response.status, ...await response.json() };
    },
    async list(query = "") {
      return API_SCHEMAS.Snapshots.parse(await (await get(`/api/v1/snapshots${query}`)).json());
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

Deno.test("results as of a point are the newest at or before it, and name their version", async () => {
  await using past = await openPast();
  await saveMany(past.folder, past.snapshots, 5, { everyMs: 30_000 }); // 10:00:00, 10:00:30 … 10:02:00
  const version = async (asOf: string) =>
    (await past.json(`/api/v1/results?as_of=${encodeURIComponent(asOf)}`)).version;
  assert.equal(await version("13"), 13);
  assert.equal(await version("999"), 15);
  assert.equal(await version(time(30)), 12);
  assert.equal(await version(time(59)), 12);
  assert.equal(await version("2026-05-07T11:00:31+01:00"), 12);
  assert.equal((await past.json("/api/v1/results")).version, resultsOf([100, 1]).version);

  // Days later only the minutes are left; they are there for ever.
  await past.snapshots.settled();
  past.folder.now = START + 9 * 86_400_000;
  await past.snapshots.save(captureOf(6, past.folder.now));
  await past.snapshots.settled();
  assert.equal((await past.list()).kept, 2);
  assert.equal(await version("13"), 12);
  assert.equal(await version("14"), 14);
  assert.equal(await version(time(59)), 12);
  assert.equal(await version(time(60)), 12);
  assert.equal(await version(time(90)), 14);
  assert.equal(await version(time(8 * 86_400)), 15);
  // And for whoever opens the folder again.
  await using again = await past.folder.open();
  assert.equal((await again.resultsAt({ time: START + 90_000 }))?.version, 14);
});

Deno.test("a point before all that is kept, or none at all, is refused", async () => {
  await using past = await openPast();
  const refusal = async (path: string) => {
    const { status, code } = await past.json(path);
    return [status, code];
  };
  assert.deepEqual(await refusal("/api/v1/results?as_of=13"), [404, "not_kept"]);
  await saveMany(past.folder, past.snapshots, 2);
  for (const path of ["/api/v1/results", "/api/v1/history"]) {
    assert.deepEqual(await refusal(`${path}?as_of=10`), [404, "not_kept"]);
    assert.deepEqual(await refusal(`${path}?as_of=${time(-1)}`), [404, "not_kept"]);
    for (const none of ["", "now", "2026-05-07", "2026-05-07T10:00:00", "-1", "1.5", "13&as_of=12"]) {
      assert.deepEqual(await refusal(`${path}?as_of=${none}`), [400, "invalid"], none);
    }
  }
});

Deno.test("history as of a point is that of the snapshot kept for it", async () => {
  await using past = await openPast();
  await past.snapshots.save(captureOf(1, START, { cells: [cellOf(START, { votes: 3 })] }));
  await past.snapshots.save(captureOf(2, START + 1_000, { cells: [cellOf(START, { votes: 4, late: 4 })] }));
  const votes = async (asOf: string) => {
    const { version, rows } = await past.json(`/api/v1/history${asOf}`);
    return [version, rows[0].votes];
  };
  assert.deepEqual(await votes(""), [12, 7]);
  assert.deepEqual(await votes("?as_of=11"), [11, 3]);
  assert.deepEqual(await votes(`?as_of=${time(0.5)}`), [11, 3]);
  assert.deepEqual(await votes("?as_of=12"), [12, 7]);
});

Deno.test("the list has every snapshot that is kept, the newest first, page by page", async () => {
  await using past = await openPast();
  await saveMany(past.folder, past.snapshots, 5);
  const versions = async (query: string) => (await past.list(query)).snapshots.map(({ version }) => version);
  assert.deepEqual(await versions(""), [15, 14, 13, 12, 11]);
  assert.deepEqual(await versions("?as_of=13&limit=2"), [13, 12]);
  const { snapshots: [newest], kept } = await past.list("?limit=1");
  assert.equal(kept, 5);
  assert.deepEqual(
    [newest.as_of, newest.watermark, newest.votes],
    [time(4), time(0), captureOf(5, START).results.totals.votes],
  );
  const pages: number[] = [];
  for (let path: string | undefined = "/api/v1/snapshots?limit=2"; path;) {
    const response = await past.get(path);
    pages.push(...(await response.json()).snapshots.map(({ version }: { version: number }) => version));
    path = /<([^>]+)>; rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
  }
  assert.deepEqual(pages, [15, 14, 13, 12, 11]);
});

Deno.test("each file of the list is at its address, whole and in ranges, as its hash says", async () => {
  await using past = await openPast();
  await saveMany(past.folder, past.snapshots, 3);
  await using server = openServer("127.0.0.1", 0, past.app.fetch);
  for (const { version, files } of (await past.list()).snapshots) {
    assert.deepEqual([...new Set(files.map(({ role }) => role))].sort(), [
      "candidates",
      "quality",
      "results",
      "voters_by_group",
      "votes",
    ]);
    for (const { url, sha256, bytes, role } of files) {
      const address = url.replace("http://localhost", `http://127.0.0.1:${server.port}`);
      const response = await fetch(address);
      const body = new Uint8Array(await response.arrayBuffer());
      assert.equal(createHash("sha256").update(body).digest("hex"), sha256, `${version} ${role}`);
      assert.equal(body.length, bytes);
      if (role === "results") continue;
      assert.equal(response.headers.get("Access-Control-Allow-Origin"), "*");
      assert.match(response.headers.get("Cache-Control")!, /immutable/);
      const head = await fetch(address, { method: "HEAD" });
      assert.equal(head.headers.get("Content-Length"), String(bytes));
      for (
        const [range, from, to] of [
          ["bytes=0-3", 0, 4],
          ["bytes=-8", bytes - 8, bytes],
          [`bytes=4-${2 * bytes}`, 4, bytes],
        ] as const
      ) {
        const part = await fetch(address, { headers: { Range: range, "If-Range": `"${sha256}"` } });
        assert.equal(part.status, 206);
        assert.equal(part.headers.get("Content-Range"), `bytes ${from}-${to - 1}/${bytes}`);
        assert.deepEqual(new Uint8Array(await part.arrayBuffer()), body.subarray(from, to));
      }
      const beyond = await fetch(address, { headers: { Range: `bytes=${bytes}-` } });
      assert.deepEqual([beyond.status, beyond.headers.get("Content-Range")], [416, `bytes */${bytes}`]);
      await beyond.body?.cancel();
      const other = await fetch(address, { headers: { Range: "bytes=0-3", "If-Range": '"other"' } });
      assert.deepEqual([other.status, (await other.arrayBuffer()).byteLength], [200, bytes]);
      const held = await fetch(address, { headers: { "If-None-Match": `"${sha256}"` } });
      assert.equal(held.status, 304);
    }
  }
});

Deno.test("no file but the public ones of kept snapshots can be had", async () => {
  await using past = await openPast();
  await saveMany(past.folder, past.snapshots, 2);
  const names = ["manifests", "private", "public"].flatMap((folder) =>
    past.folder.names(folder).filter((name) => !name.endsWith(".parquet"))
  );
  assert.ok(names.length > 4);
  for (const name of names) {
    for (const file of [name, `${name.split(".")[0]}.parquet`, `..%2Fprivate%2F${name}`]) {
      assert.equal((await past.get(`/snapshots/${file}`)).status, 404, file);
    }
  }
  Deno.writeTextFileSync(`${past.folder.dir}/public/${"a".repeat(64)}.parquet`, "of nobody's");
  assert.equal((await past.get(`/snapshots/${"a".repeat(64)}.parquet`)).status, 404);
});

Deno.test("answers that people start at link to the API's description and to the data", async () => {
  await using past = await openPast();
  for (const path of ["/", "/api/v1/results", "/api/v1/snapshots"]) {
    const link = (await past.get(path)).headers.get("Link") ?? "";
    for (const target of ["/openapi.json", "/api/v1/snapshots", "/api/v1/queries", "/api/v1/sql/schema"]) {
      assert.ok(link.includes(`<${target}>; rel=`), `${path}: ${link}`);
    }
  }
});
