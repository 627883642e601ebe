/** 100,000 records of mutated and random bytes: none of them stops the count or changes anybody else's vote. @module */
import assert from "node:assert/strict";
import { createRandom, type Random } from "../../pipeline/demo_random.ts";
import { type AppendRecord, type EventLog, type Topic, TOPIC_NAMES } from "../../pipeline/log.ts";
import { runTeller } from "../services/teller.ts";
import { candidateOf, countIn, inDataDir, openLogIn, voteOf, voterOf } from "./electorate.ts";

const RECORDS = 100_000;
const VOTERS = 5_000;
const CANDIDATES = ["a", "b", "c"];
const BATCH = 2_000;

/** Bytes that mean something in JSON or UTF-8, where a mutation is likeliest to hit a weak spot. */
const TELLING = [...new TextEncoder().encode('{}[]":,\\u0eE-+.tfn 1'), 0x00, 0x80, 0xc0, 0xed, 0xf4, 0xff];
/** JSON that is valid and not expected. */
const ODD_JSON = [
  ...["null", "true", "0", "-0", "1e999", '""', "[]", "{}", "[[[[[]]]]]", `${"[".repeat(5_000)}`],
  '{"__proto__":{"voter_id":"voter-1"}}',
  '{"voter_id":"voter-1","voter_id":"voter-2","candidate_id":"a"}',
  '{"voter_id":["voter-1"],"candidate_id":"a"}',
  '{"voter_id":"\\ud800","candidate_id":"a"}',
  `{"voter_id":"${"x".repeat(129)}","candidate_id":"a"}`,
  `{"voter_id":"voter-1","candidate_id":"a","pad":"${" ".repeat(66_000)}"}`,
].map((text) => new TextEncoder().encode(text));

function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let result = [...bytes];
  for (let edits = 1 + random.word() % 3; edits > 0; edits--) {
    const at = random.word() % (result.length + 1);
    const byte = random.word() % 2 ? TELLING[random.word() % TELLING.length] : random.word() % 256;
    const edit = random.word() % 6;
    if (edit === 0) result.splice(at, 1);
    else if (edit === 1) result.splice(at, 0, byte);
    else if (edit === 2) result[at] = byte;
    else if (edit === 3) result = result.slice(0, at);
    else if (edit === 4) result.splice(at, 0, ...result.slice(at, at + random.word() % 32));
    else if (at < result.length) result[at] ^= 1 << random.word() % 8;
  }
  return Uint8Array.from(result);
}

function fuzzed(valid: AppendRecord, random: Random): AppendRecord {
  const kind = random.word() % 100;
  if (kind < 60) return { key: valid.key, value: mutated(valid.value!, random) };
  if (kind < 75) return { key: mutated(valid.key!, random), value: valid.value };
  if (kind < 90) {
    return { key: valid.key, value: Uint8Array.from({ length: random.word() % 200 }, () => random.word()) };
  }
  if (kind < 98) return { key: valid.key, value: ODD_JSON[random.word() % ODD_JSON.length] };
  return kind === 98 ? { key: valid.key, value: null } : { key: null, value: valid.value };
}

async function fill(log: EventLog, seed: number): Promise<void> {
  const random = createRandom(seed).at(0, 0);
  const voter = () => `voter-${random.word() % VOTERS}`;
  const make: Record<Topic, () => AppendRecord> = {
    candidates_topic: () => candidateOf(CANDIDATES[random.word() % 3]),
    voters_topic: () => voterOf(voter()),
    votes_topic: () => voteOf(voter(), CANDIDATES[random.word() % 3], "2026-05-07 09:00:00"),
  };
  await log.append("candidates_topic", CANDIDATES.map(candidateOf));
  const people = Array.from({ length: VOTERS }, (_, i) => `voter-${i}`);
  await log.append("voters_topic", people.map(voterOf));
  for (let written = 0; written < RECORDS; written += BATCH) {
    const topic: Topic = TOPIC_NAMES[[0, 1, 1, 1, 1, 1, 1, 2][random.word() % 8]];
    await log.append(topic, Array.from({ length: BATCH }, () => fuzzed(make[topic](), random)));
    // Among them somebody votes as one should.
    await log.append("votes_topic", Array.from({ length: 50 }, make.votes_topic));
  }
}

Deno.test(`${RECORDS} fuzzed records: Teller serves, and counts what a second implementation counts`, () =>
  inDataDir(async (dataDir) => {
    const seed = Math.floor(2 ** 32 * Math.random());
    {
      await using log = openLogIn(dataDir);
      await fill(log, seed);
    }
    const env = { DATA_DIR: dataDir, TELLER_SINKS: "off" };
    const { totals } = await countIn(env);
    assert.ok(
      totals.rejected > RECORDS / 4 && totals.votes > 1_000,
      `seed ${seed}: ${JSON.stringify(totals)}`,
    );
    const { code, logs } = await runTeller({ command: ["recount"], env });
    assert.equal(code, 0, `seed ${seed}: ${logs}`);
    assert.match(logs, /snapshot .*agrees in [0-9,]+ values/i);
  }));
