/** What each named query answers, held to a plain count of the cells that the snapshot was made of. @module */
import assert from "node:assert/strict";
import { createHistory } from "../../analytics/history.ts";
import {
  type NamedQuery,
  parametersOf,
  parseNamedQuery,
  readNamedQueries,
} from "../../analytics/named_queries.ts";
import { openSandbox } from "../../analytics/sandbox.ts";
import type { CellChange, VoterGroup } from "../../pipeline/snapshot.ts";
import { CANDIDATES, resultsOf } from "../routes/sample.ts";
import { createChartSource } from "../../routes/chart_data.ts";
import { captureOf, cellOf, factsOf, Folder, sharedDuckDb, START } from "./captures.ts";
import { requireChartNumbers } from "./chart_numbers.ts";
import { QUESTION } from "./sandboxes.ts";

const QUERIES = readNamedQueries(new URL("../../analytics/queries", import.meta.url).pathname);
const WINDOWS = 45;
const CLOSED = 30;

const STATES = ["Cornwall", "Devon", "Kent"];
const BANDS = ["under 18", "18–24", "25–29", "30–39", "70+"] as const;
const GENDERS = ["female", "male", "other"] as const;

/** Any votes; some windows have none, and a candidate none at first. */
const CELLS: CellChange[] = [];
const GROUPS: VoterGroup[] = [];
for (const [s, state] of STATES.entries()) {
  for (const [b, ageBand] of BANDS.entries()) {
    for (const [g, gender] of GENDERS.entries()) {
      GROUPS.push({ state, ageBand, gender, voters: 90 + s + b * g });
    }
  }
}
let seed = 7;
const draw = (below: number) => (seed = seed * 48_271 % 2_147_483_647) % below;
for (let window = 0; window < WINDOWS; window++) {
  if (window % 11 > 7) continue;
  for (let cells = 0; cells < 12; cells++) {
    CELLS.push(cellOf(START + window * 10_000, {
      candidateId: CANDIDATES[window < 10 ? draw(2) : draw(3)].candidate_id,
      state: STATES[draw(3)],
      ageBand: BANDS[draw(5)],
      gender: GENDERS[draw(3)],
      votes: 1 + draw(5),
      late: draw(20) === 0 ? 1 : 0,
    }));
  }
}
/** One vote that says it is of long ago, of more than a thousand. */
const STRAGGLER = cellOf(Date.parse("2000-01-01T00:00:00Z"));
CELLS.push(STRAGGLER);

type Row = Record<string, unknown>;
const nameOf = (id: string) => CANDIDATES.find(({ candidate_id }) => candidate_id === id)!.candidate_name;
const IDS = CANDIDATES.map(({ candidate_id }) => candidate_id);
const total = (cells: Iterable<CellChange>) => [...cells].reduce((sum, { votes }) => sum + votes, 0);
const votesOf = (id: string, cells = CELLS) => total(cells.filter(({ candidateId }) => candidateId === id));
const ratio = (part: number, whole: number, digits = 4) =>
  Math.round(part / whole * 10 ** digits) / 10 ** digits;
/** A time as answers write it, from seconds after the first vote. */
const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString();
/** Candidates by votes, then id. */
const ranked = (cells: CellChange[]) =>
  IDS.map((id) => ({ id, votes: votesOf(id, cells) })).sort((a, b) =>
    b.votes - a.votes || (a.id < b.id ? -1 : 1)
  );
const until = (seconds: number) => CELLS.filter(({ windowStart }) => windowStart < START + seconds * 1_000);
const by = <K>(key: (cell: CellChange) => K) => Map.groupBy(CELLS, key);

/** The stretches of so many seconds that there are votes in, and those between. */
function stretches(seconds: number): number[] {
  const last = Math.max(
    ...CELLS.map(({ windowStart }) => Math.floor((windowStart - START) / 1_000 / seconds)),
  );
  return Array.from({ length: last + 1 }, (_, index) => index * seconds);
}

function shares(group: string, cells: Map<unknown, CellChange[]>, order: readonly string[]): Row[] {
  return order.filter((key) => cells.has(key)).flatMap((key) =>
    ranked(cells.get(key)!).filter(({ votes }) => votes > 0).map(({ id, votes }) => ({
      [group]: key,
      candidate_id: id,
      candidate_name: nameOf(id),
      votes,
      share: ratio(votes, total(cells.get(key)!)),
    }))
  );
}

function turnout(group: string, key: (of: CellChange | VoterGroup) => string): Row[] {
  return [...Map.groupBy(GROUPS, key)].map(([name, groups]) => {
    const votes = total(CELLS.filter((cell) => key(cell) === name));
    const voters = groups.reduce((sum, { voters }) => sum + voters, 0);
    return { [group]: name, votes, voters, turnout: ratio(votes, voters) };
  });
}

/** What each query answers to these parameters. */
const EXPECTED: Record<string, (given: Record<string, string>) => Row[]> = {
  votes_per_minute: ({ every = "60" }) =>
    stretches(+every).map((from) => ({
      start: at(from),
      votes: total(until(from + +every)) - total(until(from)),
    })),
  lead_over_time: ({ every = "60" }) =>
    stretches(+every).map((from) => {
      const [first, second] = ranked(until(from + +every));
      return {
        at: at(from + +every),
        leader: nameOf(first.id),
        second: nameOf(second.id),
        votes: first.votes,
        margin: first.votes - second.votes,
      };
    }),
  share_over_time: ({ every = "60" }) =>
    stretches(+every).flatMap((from) =>
      ranked(until(from + +every)).map(({ id, votes }) => ({
        at: at(from + +every),
        candidate_id: id,
        candidate_name: nameOf(id),
        votes: votes - votesOf(id, until(from)),
        total_votes: votes,
        share: ratio(votes, total(until(from + +every))),
      }))
    ),
  lead_changes() {
    const rows: Row[] = [{
      at: new Date(STRAGGLER.windowStart + 10_000).toISOString(),
      candidate_id: STRAGGLER.candidateId,
      candidate_name: nameOf(STRAGGLER.candidateId),
      party_affiliation: CANDIDATES[0].party_affiliation,
      margin: 1,
    }];
    for (let window = 0; window < CLOSED; window++) {
      const [first, second] = ranked(until((window + 1) * 10));
      const margin = first.votes - second.votes;
      if (margin === 0 || rows.at(-1)?.candidate_id === first.id) continue;
      const { candidate_name, party_affiliation } = CANDIDATES.find(({ candidate_id }) =>
        candidate_id === first.id
      )!;
      rows.push({
        at: at((window + 1) * 10),
        candidate_id: first.id,
        candidate_name,
        party_affiliation,
        margin,
      });
    }
    return rows;
  },
  results: () =>
    ranked(CELLS).map(({ id, votes }) => ({
      ...CANDIDATES.find(({ candidate_id }) => candidate_id === id)!,
      total_votes: votes,
      share: ratio(votes, total(CELLS)),
    })),
  leaders_by_state: () =>
    turnout("state", ({ state }) => state).map(({ state, votes, voters, turnout }) => {
      const [first, second] = ranked(by(({ state }) => state).get(state as string)!);
      const margin = first.votes - second.votes;
      return { state, voters, votes, turnout, leader: margin > 0 ? nameOf(first.id) : null, margin };
    }),
  turnout_by_gender: () => turnout("gender", ({ gender }) => gender),
  turnout_by_age: () => turnout("age_band", ({ ageBand }) => ageBand),
  turnout_by_state: () =>
    turnout("state", ({ state }) => state).sort((a, b) => Number(b.turnout) - Number(a.turnout)),
  turnout_leaders({ top = "20", voters = "20" }) {
    const rows = GROUPS.filter((group) => group.voters >= +voters).map((group) => {
      const votes = total(
        CELLS.filter((cell) =>
          cell.state === group.state && cell.ageBand === group.ageBand && cell.gender === group.gender
        ),
      );
      return { ...group, votes, exact: votes / group.voters };
    });
    const name = ({ state, ageBand, gender }: VoterGroup) => `${state} ${ageBand} ${gender}`;
    return rows.sort((a, b) => b.exact - a.exact || (name(a) < name(b) ? -1 : 1)).slice(0, +top).map((
      row,
    ) => ({
      state: row.state,
      age_band: row.ageBand,
      gender: row.gender,
      votes: row.votes,
      voters: row.voters,
      turnout: ratio(row.votes, row.voters),
    }));
  },
  swing({ from, to }) {
    const seconds = (time: string) => (Date.parse(time) - START) / 1_000;
    const last = Math.max(...CELLS.map(({ windowStart }) => windowStart)) + 10_000 - START;
    const cells = (time: string | undefined, otherwise: number) => {
      const end = time === undefined ? otherwise : seconds(time);
      return CELLS.filter(({ windowStart }) => windowStart + 10_000 <= START + end * 1_000);
    };
    const [before, after] = [cells(from, last / 2_000), cells(to, last / 1_000)];
    return IDS.map((id) => {
      const share = (of: CellChange[]) => votesOf(id, of) / total(of);
      return {
        candidate_id: id,
        candidate_name: nameOf(id),
        votes_before: votesOf(id, before),
        votes_after: votesOf(id, after),
        share_before: ratio(share(before), 1),
        share_after: ratio(share(after), 1),
        swing_points: ratio((share(after) - share(before)) * 100, 1, 2),
      };
    }).sort((a, b) => b.swing_points - a.swing_points);
  },
  closest_states({ top = "10" }) {
    return [...by(({ state }) => state)].map(([state, cells]) => {
      const [first, second] = ranked(cells);
      const margin = first.votes - second.votes;
      const [leader, runnerUp] = [nameOf(first.id), nameOf(second.id)];
      return {
        state,
        leader,
        second: runnerUp,
        margin,
        votes: total(cells),
        margin_share: ratio(margin, total(cells)),
      };
    }).sort((a, b) => a.margin_share - b.margin_share).slice(0, +top);
  },
  only_those_under({ age = "30" }) {
    const under: Record<string, number> = { "under 18": 18, "18–24": 25, "25–29": 30, "30–39": 40 };
    const young = CELLS.filter(({ ageBand }) => (under[ageBand] ?? Infinity) <= +age);
    return ranked(young).map(({ id, votes }) => ({
      candidate_id: id,
      candidate_name: nameOf(id),
      votes,
      share: ratio(votes, total(young)),
      real_votes: votesOf(id),
      real_share: ratio(votesOf(id), total(CELLS)),
    }));
  },
  results_by_state: ({ state }) =>
    shares("state", by(({ state }) => state), state === undefined ? STATES : [state]),
  results_by_age: () => shares("age_band", by(({ ageBand }) => ageBand), BANDS),
  gender_gap() {
    const of = (gender: string) => CELLS.filter((cell) => cell.gender === gender);
    const [women, men] = [of("female"), of("male")];
    return IDS.map((id) => ({
      candidate_id: id,
      candidate_name: nameOf(id),
      votes_of_women: votesOf(id, women),
      votes_of_men: votesOf(id, men),
      share_among_women: ratio(votesOf(id, women), total(women)),
      share_among_men: ratio(votesOf(id, men), total(men)),
      gap_points: ratio((votesOf(id, women) / total(women) - votesOf(id, men) / total(men)) * 100, 1, 2),
    })).sort((a, b) => b.gap_points - a.gap_points);
  },
  late_votes() {
    return [...by(({ windowStart }) => windowStart)].flatMap(([start, cells]) => {
      const groups = [
        ...Map.groupBy(
          cells,
          ({ candidateId, state, ageBand, gender }) => [candidateId, state, ageBand, gender].join(),
        ).values(),
      ].filter((group) => group.some(({ late }) => late > 0));
      return groups.length === 0 ? [] : [{
        window_start: new Date(start).toISOString(),
        window_end: new Date(start + 10_000).toISOString(),
        votes: total(cells),
        revised_groups: groups.length,
        votes_in_revised_groups: total(groups.flat()),
      }];
    });
  },
};

/** Other parameters than the defaults. */
const GIVEN: Record<string, Record<string, string>[]> = {
  votes_per_minute: [{ every: "30" }, { every: "600" }],
  lead_over_time: [{ every: "10" }],
  share_over_time: [{ every: "100" }],
  turnout_leaders: [{ top: "5", voters: "91" }],
  swing: [{ from: "2026-05-07T11:02:00+01:00", to: "2026-05-07T10:05:00Z" }],
  closest_states: [{ top: "1" }],
  only_those_under: [{ age: "18" }, { age: "40" }],
  results_by_state: [{ state: "Kent" }, { state: "nowhere'" }],
};

Deno.test("every named query answers what a plain count gives", async (t) => {
  using folder = new Folder();
  await using snapshots = await folder.open();
  const half = CELLS.length >> 1;
  const facts = factsOf(1, START, { watermark: START + CLOSED * 10_000 });
  const results = resultsOf(IDS.map((id) => votesOf(id)));
  const capture = { facts, results, groups: GROUPS, cells: CELLS.slice(0, half) };
  await snapshots.save(captureOf(1, START, capture));
  await snapshots.save(captureOf(2, START + 1, { ...capture, cells: CELLS.slice(half) }));
  await using sandbox = await openSandbox({ folder: `${folder.dir}/public`, snapshots, onNotice: () => {} });
  assert.deepEqual(QUERIES.map(({ name }) => name).sort(), Object.keys(EXPECTED).sort());

  async function ask(query: NamedQuery, given: Record<string, string>): Promise<Row[]> {
    const read = parametersOf(query, given);
    assert.ok("parameters" in read);
    const question = { ...QUESTION, sql: query.sql, ...read, shape: "objects" as const };
    const asking = { id: query.name, signal: new AbortController().signal };
    const answer = await sandbox.ask(snapshots.newest()!, question, asking);
    assert.ok("body" in answer, JSON.stringify(answer));
    return JSON.parse(new TextDecoder().decode(answer.body)).rows;
  }

  for (const query of QUERIES) {
    for (const given of [{}, ...GIVEN[query.name] ?? []]) {
      await t.step(`${query.name} ${JSON.stringify(given)}`, async () => {
        assert.deepEqual(await ask(query, given), EXPECTED[query.name](given));
      });
    }
  }

  await t.step("each chart's address leads to the chart's own numbers", async () => {
    const history = createHistory(await sharedDuckDb(), snapshots);
    const charts = createChartSource(
      history,
      () => results.candidates,
      (fault) => assert.fail(String(fault)),
    );
    await requireChartNumbers(
      (await charts.newest())!,
      results,
      (name, given) => ask(QUERIES.find((query) => query.name === name)!, given),
    );
  });
});

Deno.test("a parameter that doesn't fit its type is named", () => {
  const query = parseNamedQuery(
    "some",
    `-- title: Some
-- description: Some.
-- parameters:
--   every: { type: integer, minimum: 1, default: 60, description: Seconds }
--   from: { type: time, default: null, description: A time }
SELECT $every, $from
`,
  );
  const errors = (given: Record<string, string>) => {
    const read = parametersOf(query, given);
    return "errors" in read ? read.errors.map(({ path, message }) => `${path} ${message}`) : read.parameters;
  };
  assert.deepEqual(errors({}), {
    every: { type: "integer", text: "60" },
    from: { type: "time", text: null },
  });
  assert.deepEqual(errors({ from: "2026-05-07T11:00:00+01:00" }), {
    every: { type: "integer", text: "60" },
    from: { type: "time", text: "2026-05-07T10:00:00.000Z" },
  });
  for (const every of ["", "x", "1.5", "1e3", "9".repeat(20)]) {
    assert.deepEqual(errors({ every }), ["param_every must be a whole number"], every);
  }
  assert.deepEqual(errors({ every: "0" }), ["param_every must be at least 1"]);
  assert.deepEqual(errors({ from: "2026-05-07" }), [
    "param_from must be a time such as 2026-05-07T10:00:00Z",
  ]);
});

Deno.test("a file that isn't a query is refused by its name", () => {
  assert.throws(() => parseNamedQuery("bare", "SELECT 1"), /bare/);
  assert.throws(
    () => parseNamedQuery("more", "-- title: M\n-- description: M.\n-- also: 1\nSELECT 1"),
    /more/,
  );
  assert.throws(
    () => parseNamedQuery("less", "-- title: M\n-- description: M.\nSELECT $x"),
    /no parameter x/,
  );
});
