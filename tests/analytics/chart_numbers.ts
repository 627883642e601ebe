/**
 * Each chart's numbers, held to what the named query answers that its address on the page leads to.
 * @module
 */
import assert from "node:assert/strict";
import { type ChartData, raceOf, standingOf } from "../../islands/chart_data.ts";
import { chartMessages } from "../../islands/chart_messages.ts";
import { address, raceAddress, RESULTS_ADDRESS } from "../../islands/chart_queries.ts";
import {
  type ChartTable,
  fileRows,
  mapTable,
  raceTable,
  turnoutTable,
  votesTable,
} from "../../islands/chart_table.ts";
import type { Results } from "../../pipeline/results.ts";

type Row = Record<string, unknown>;

/** Asks for all of them; `ask` gives the rows of a named query. */
export async function requireChartNumbers(
  data: ChartData,
  results: Results,
  ask: (name: string, given: Record<string, string>) => Promise<Row[]>,
): Promise<void> {
  /** The columns of these names, whatever others there are. */
  const picked = (rows: Row[], names: string[]) =>
    rows.map((row) => names.map((name) => row[name] ?? null)).sort();
  async function requireSame(at: string, table: ChartTable, names: Record<string, string>) {
    const { searchParams } = new URL(at, "http://teller.example");
    assert.ok(at === RESULTS_ADDRESS || searchParams.get("as_of") === String(data.version), at);
    const given = [...searchParams].filter(([name]) => name.startsWith("param_"))
      .map(([name, value]) => [name.slice("param_".length), value]);
    const own = fileRows(table).map((cells) =>
      Object.fromEntries(cells.map((cell, i) => [table.columns[i].name, cell]))
    );
    const answered = await ask(searchParams.get("name")!, Object.fromEntries(given));
    assert.deepEqual(picked(answered, Object.values(names)), picked(own, Object.keys(names)), at);
  }
  const same = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]));
  const totals = same("candidate_id", "total_votes", "share");
  await requireSame(RESULTS_ADDRESS, votesTable(results), totals);
  await requireSame(raceAddress(data, "share"), raceTable(data), {
    window_end: "at",
    votes: "votes",
    ...totals,
  });
  const leads = raceOf(data).slice(1).map((
    { at, totals },
  ) => [at.toISOString(), standingOf(totals).margin]);
  const lead = { columns: [], rows: leads } as ChartTable;
  for (const [name, kind] of [["at", "time"], ["margin", "count"]] as const) {
    lead.columns.push({ name, heading: name, kind });
  }
  await requireSame(raceAddress(data, "lead"), lead, same("at", "margin"));
  const turnout = same("voters", "votes", "turnout");
  await requireSame(address("turnout_by_age", data), turnoutTable(data, "age_band"), {
    ...turnout,
    ...same("age_band"),
  });
  await requireSame(address("turnout_by_gender", data), turnoutTable(data, "gender"), {
    ...turnout,
    ...same("gender"),
  });
  const map = mapTable(data);
  const counties = map.rows.filter(([, county]) => county !== null)
    .map((cells) => cells.map((cell) => cell === chartMessages.tied ? null : cell));
  await requireSame(address("leaders_by_state", data), { ...map, rows: counties }, {
    ...turnout,
    ...same("state", "leader", "margin"),
  });
}
