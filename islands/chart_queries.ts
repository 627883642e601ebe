/**
 * The named query that gives each chart's numbers, as an address of the console: at the chart's own version, so that
 * they are the very same.
 * @module
 */
import type { RaceMode } from "./chart_captions.ts";
import type { ChartData } from "./chart_data.ts";

/** Of the newest snapshot: what the charts of votes and shares are a little ahead of. */
export const RESULTS_ADDRESS = "/sql?name=results";

/** Of the race: the lead, or everybody's votes and shares. */
export function raceAddress(data: ChartData, mode: RaceMode): string {
  const name = mode === "lead" ? "lead_over_time" : "share_over_time";
  const every = data.race === null ? "" : `&param_every=${data.race.every_seconds}`;
  return `${address(name, data)}${every}`;
}

/** Of turnout, and of the map's counties. */
export function address(
  name: "turnout_by_age" | "turnout_by_gender" | "leaders_by_state" | "lead_over_time" | "share_over_time",
  { version }: ChartData,
): string {
  return `/sql?name=${name}&as_of=${version}`;
}
