/**
 * Ways to change one thing in the newest snapshot, each in a copy of the folder.
 * @module
 */
import { openDuckDb } from "../../analytics/duckdb.ts";
import { readNewestSnapshot } from "../../analytics/snapshot_reading.ts";
import { readBlocks, type VoterRows } from "../../pipeline/snapshot_voters.ts";
import { LATE } from "../../pipeline/voter_table.ts";
import type { Copies } from "./recount_copies.ts";
import { changedAt, leavesOf, NO_POSTGRES, nothing, sha256, type Tampering } from "./recount_tamperings.ts";
import { VOTES } from "../../analytics/snapshot_tables.ts";

// deno-lint-ignore no-explicit-any -- a manifest as whoever tampers with it sees it
type Manifest = any;
interface Entry {
  sha256: string;
  bytes: number;
}

/** A copy of the folder, and its newest manifest. */
interface Tampered {
  readonly dir: string;
  /** The manifest's file. */
  readonly name: string;
  readonly manifest: Manifest;
  path(entry: Entry): string;
  /** Puts other bytes in place of a file's, with their hash. */
  replace(entry: Entry, bytes: Uint8Array): void;
}

type Change = (tampered: Tampered) => void | Promise<void>;

/** Changes to Results, manifest, cube, voters and state with hashes that fit, and to files without. */
export async function snapshotTamperings({ snapshots }: Copies): Promise<Tampering[]> {
  const first = await open(snapshots);
  const results = JSON.parse(Deno.readTextFileSync(first.path(first.manifest.files.results)));
  const tampering = (fix: boolean) => (name: string, named: RegExp, change: Change): Tampering => ({
    name: `snapshot: ${name}`,
    named,
    async tamper() {
      const tampered = await open(snapshots);
      await change(tampered);
      if (fix) rewriteManifest(tampered);
      return { ...NO_POSTGRES, readSnapshot: () => readNewestSnapshot(tampered.dir) };
    },
    undo: nothing,
  });
  const fitting = tampering(true), broken = tampering(false);
  const SNAPSHOT = /^newest snapshot: /,
    VOTERS = /^newest snapshot's voters: /,
    CUBE = /^newest snapshot's cube: /;

  const byClock = /^(as_of|catching_up|quality|election\.title|totals\.votes_per_second)/;
  const fields = leavesOf(results).filter((path) => !byClock.test(path.join(".")))
    .filter(([list, line]) => !["candidates", "locations"].includes(list) || line === "0");
  const ofResults = fields.map((path) =>
    fitting(`results' ${path.join(".")}`, SNAPSHOT, ({ manifest, replace }) => {
      replace(manifest.files.results, encode(changedAt(results, path)));
    })
  );

  const facts = ["offsets", "last_records", "version", "watermark", "election_id", "fold_version"];
  const inManifest = leavesOf(first.manifest).filter(([name, rule]) =>
    facts.includes(name) || (name === "rules" && /window|grace/.test(rule))
  );
  const ofManifest = inManifest.map((path) =>
    fitting(`manifest's ${path.join(".")}`, SNAPSHOT, (tampered) => {
      const to: Record<string, unknown> = { watermark: "2026-05-07T08:00:00.000Z" };
      const changed = changedAt(tampered.manifest, path);
      if (path[0] in to) changed[path[0]] = to[path[0]];
      if (path.at(-1) === "hash") changed.last_records[path[1]][path[2]].hash = "ab".repeat(32);
      Object.assign(tampered.manifest, changed);
    })
  );

  const row = (name: string, named: RegExp, change: (rows: VoterRows) => void) =>
    fitting(`voter's ${name}`, named, ({ manifest, path, replace }) => {
      const [part] = manifest.files.voters;
      const bytes = new Uint8Array(Deno.readFileSync(path(part)));
      change((readBlocks(bytes) as VoterRows[])[0]);
      replace(part, bytes);
    });
  const ofVoters = [
    row("candidate", VOTERS, ({ voteCandidate }) => voteCandidate[0] = 1 - voteCandidate[0]),
    row("offset", VOTERS, ({ voteOffset }) => voteOffset[0]++),
    row("time", VOTERS, ({ voteTime }) => voteTime[0]++),
    row("age", VOTERS, ({ age }) => age[0]++),
    row("gender", VOTERS, ({ gender }) => gender[0] = 3),
    row("city", VOTERS, ({ city }) => city[0] = 5 - city[0]),
    row("key", VOTERS, ({ keys }) => keys[0]++),
    row("lateness", VOTERS, ({ flags }) => flags[0] ^= LATE),
    row("choice, exchanged with another's", VOTERS, ({ voteCandidate }) => {
      const elsewhere = voteCandidate.findIndex((candidate) => candidate !== voteCandidate[0]);
      [voteCandidate[0], voteCandidate[elsewhere]] = [voteCandidate[elsewhere], voteCandidate[0]];
    }),
    fitting("state's duplicates", VOTERS, ({ manifest, path, replace }) => {
      const state = JSON.parse(Deno.readTextFileSync(path(manifest.files.state)));
      state.folds[0].duplicates++;
      replace(manifest.files.state, encode(state));
    }),
    fitting("a part of the voters missing", VOTERS, ({ manifest }) => manifest.files.voters.pop()),
  ];

  const cube = (name: string, change: (rows: (string | number)[][]) => void) =>
    fitting(`cube's ${name}`, CUBE, async ({ dir, manifest, replace }) => {
      const copy = await readNewestSnapshot(snapshots);
      const rows = [];
      for await (const cell of copy!.cells()) {
        const { windowStart, candidateId, state, ageBand, gender, votes, late } = cell;
        rows.push([windowStart, candidateId, state, ageBand, gender, votes, late]);
      }
      change(rows);
      using duckDb = await openDuckDb(`${dir}/unfinished`);
      await duckDb.writeParquet(`${dir}/cube`, VOTES, rows);
      manifest.files.votes.splice(1);
      replace(manifest.files.votes[0], Deno.readFileSync(`${dir}/cube`));
    });
  const ofCube = [
    cube("votes", (rows) => rows[0][5] = Number(rows[0][5]) + 1),
    cube("late votes", (rows) => rows[0][6] = 1 - Number(rows[0][6])),
    cube("window", (rows) => rows[0][0] = Number(rows[0][0]) + 10_000),
    cube("candidate", (rows) => rows[0][1] = "nobody"),
    cube("state", (rows) => rows[0][2] = "Nowhere"),
    cube("age band", (rows) => rows[0][3] = "70+"),
    cube("gender", (rows) => rows[0][4] = "unknown"),
    cube("cell missing", (rows) => void rows.pop()),
    cube("cell twice", (rows) => void rows.push(rows[0])),
    fitting("file of the cube missing", CUBE, ({ manifest }) => manifest.files.votes.pop()),
  ];

  const roles = ["results", "candidates", "voters_by_group", "quality", "state", "votes", "voters"];
  const entryOf = ({ manifest }: Tampered, role: string): Entry => [manifest.files[role]].flat()[0];
  const files = roles.flatMap((role) => [
    broken(`a bit of ${role}`, SNAPSHOT, (tampered) => {
      const path = tampered.path(entryOf(tampered, role));
      const bytes = Deno.readFileSync(path);
      bytes[bytes.length >> 1] ^= 1;
      Deno.writeFileSync(path, bytes);
    }),
    broken(
      `${role} cut short`,
      SNAPSHOT,
      (tampered) => Deno.truncateSync(tampered.path(entryOf(tampered, role)), 9),
    ),
    broken(`${role} gone`, SNAPSHOT, (tampered) => Deno.removeSync(tampered.path(entryOf(tampered, role)))),
  ]);
  const manifests = [
    broken("manifest's content", SNAPSHOT, ({ dir, name, manifest }) => {
      Deno.writeTextFileSync(`${dir}/manifests/${name}`, JSON.stringify({ ...manifest, version: 1 }));
    }),
    broken("manifest's name", SNAPSHOT, ({ dir, name }) => {
      Deno.renameSync(
        `${dir}/manifests/${name}`,
        `${dir}/manifests/${name.replace(/\w{64}/, "0".repeat(64))}`,
      );
    }),
    broken("manifest emptied", SNAPSHOT, ({ dir, name }) => Deno.truncateSync(`${dir}/manifests/${name}`)),
  ];
  return [...ofResults, ...ofManifest, ...ofVoters, ...ofCube, ...files, ...manifests];
}

async function open(snapshots: string): Promise<Tampered> {
  const dir = `${snapshots}.tampered`;
  await Deno.remove(dir, { recursive: true }).catch(() => {}); // the first one finds none
  for (const folder of ["manifests", "public", "private", "unfinished"]) {
    Deno.mkdirSync(`${dir}/${folder}`, { recursive: true });
    for (const { name, isFile } of Deno.readDirSync(`${snapshots}/${folder}`)) {
      if (isFile) Deno.copyFileSync(`${snapshots}/${folder}/${name}`, `${dir}/${folder}/${name}`);
    }
  }
  const name = [...Deno.readDirSync(`${dir}/manifests`)].map(({ name }) => name).sort().at(-1)!;
  const stored = ["public", "private"].flatMap((folder) =>
    [...Deno.readDirSync(`${dir}/${folder}`)].map(({ name }) => `${dir}/${folder}/${name}`)
  );
  const path = (entry: Entry) => stored.find((path) => path.includes(entry.sha256))!;
  return {
    dir,
    name,
    manifest: JSON.parse(Deno.readTextFileSync(`${dir}/manifests/${name}`)),
    path,
    replace(entry, bytes) {
      const from = path(entry), to = from.replace(entry.sha256, sha256(bytes));
      Deno.writeFileSync(to, bytes);
      Object.assign(entry, { sha256: sha256(bytes), bytes: bytes.length });
    },
  };
}

/** Under the name that its content asks for. */
function rewriteManifest({ dir, name, manifest }: Tampered): void {
  const text = JSON.stringify(manifest);
  const [sequence, asOf] = name.split("-");
  Deno.removeSync(`${dir}/manifests/${name}`);
  Deno.writeTextFileSync(
    `${dir}/manifests/${sequence}-${asOf}-${manifest.version}-${sha256(text)}.json`,
    text,
  );
}

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
