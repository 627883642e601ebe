/** Manifests come back as they were written, and nothing else passes for one. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeManifest,
  encodeManifest,
  type FileEntry,
  type Manifest,
  parseManifest,
  readManifestName,
  type Role,
} from "../../analytics/snapshot_manifest.ts";
import { factsOf, PARTITIONS, START } from "./captures.ts";

const bytes = fc.nat(2 ** 31);
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytes.toHex());
const file = <R extends Role>(role: R) => fc.record({ role: fc.constant(role), sha256: hash, bytes });
const manifests: fc.Arbitrary<Manifest> = fc.record({
  facts: fc.record({
    votes: fc.nat(1e9),
    asOf: fc.integer({ min: START, max: START * 2 }),
    watermark: fc.option(fc.nat()),
  }).map(({ votes, asOf, watermark }) => factsOf(votes, asOf, { watermark })),
  single: fc.record({
    results: file("results"),
    candidates: file("candidates"),
    voters_by_group: file("voters_by_group"),
    quality: file("quality"),
    state: file("state"),
  }, { requiredKeys: ["results", "candidates", "voters_by_group", "state"] }),
  votes: fc.array(fc.record({ role: fc.constant("votes" as const), sha256: hash, bytes, level: fc.nat(5) })),
  voters: fc.array(
    fc.record({
      role: fc.constant("voters" as const),
      sha256: hash,
      level: fc.nat(5),
      byPartition: fc.array(bytes, { minLength: PARTITIONS, maxLength: PARTITIONS }),
    }).map((part) => ({ ...part, bytes: part.byPartition.reduce((a, b) => a + b, 0) })),
  ),
});

Deno.test("a manifest comes back as it was written, and its name says when and what of", () => {
  fc.assert(fc.property(manifests, fc.integer({ min: 1, max: 1e12 }), (manifest, sequence) => {
    const { name, text } = encodeManifest(manifest, sequence);
    const read = readManifestName(name);
    assert.ok(read);
    const { version, asOf } = manifest.facts;
    assert.deepEqual([read.sequence, read.version, read.asOf], [sequence, version, asOf]);
    assert.deepEqual(decodeManifest(text, read), JSON.parse(JSON.stringify(manifest)));
  }));
});

Deno.test("names sort in the order saved, whatever the clock and the version do", () => {
  const [manifest] = fc.sample(manifests, 1);
  const nameAs = (sequence: number, asOf: number) =>
    encodeManifest({ ...manifest, facts: { ...manifest.facts, asOf, version: 1e6 - sequence } }, sequence)
      .name;
  assert.ok(nameAs(9, START + 1) < nameAs(10, START) && nameAs(10, START) < nameAs(100_000, START - 1));
});

Deno.test("no changed text passes for the manifest", () => {
  const change = fc.tuple(fc.nat(), fc.string({ unit: "grapheme", maxLength: 5 }), fc.nat(20));
  fc.assert(fc.property(manifests, change, (manifest, [at, insert, drop]) => {
    const { name, text } = encodeManifest(manifest, 1);
    const start = at % text.length;
    const changed = text.slice(0, start) + insert + text.slice(start + drop);
    const found = decodeManifest(changed, readManifestName(name)!);
    assert.equal(found !== null, changed === text);
  }));
});

Deno.test("the decoder never throws: anything is a manifest or none", () => {
  const [manifest] = fc.sample(manifests, 1);
  const { text } = encodeManifest(manifest, 1);
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (anything) => {
    assert.equal(parseManifest(anything), null);
  }));
  // A valid one with another value somewhere, or without one.
  fc.assert(fc.property(fc.nat(), fc.option(fc.jsonValue(), { nil: undefined }), (pick, value) => {
    const json = JSON.parse(text);
    const places: [Record<string, unknown>, string][] = [];
    const visit = (node: unknown) => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, child] of Object.entries(node)) {
        places.push([node as Record<string, unknown>, key]);
        visit(child);
      }
    };
    visit(json);
    const [node, key] = places[pick % places.length];
    node[key] = value;
    const found = parseManifest(JSON.stringify(json));
    assert.ok(found === null || found.single.state.sha256.length === 64);
  }));
});

Deno.test("a block whose bytes are not its partitions' is none", () => {
  const part: FileEntry & { level: number; byPartition: number[] } = {
    role: "voters",
    sha256: "0".repeat(64),
    bytes: 10,
    level: 0,
    byPartition: [4, 6],
  };
  const [manifest] = fc.sample(manifests, 1);
  const read = (voters: Manifest["voters"]) => parseManifest(encodeManifest({ ...manifest, voters }, 1).text);
  assert.ok(read([part]));
  assert.equal(read([{ ...part, byPartition: [4, 5] }]), null);
  assert.equal(read([{ ...part, byPartition: [10] }]), null);
});
