/**
 * One region: its turnout, and how its votes split, beside the whole.
 * @module
 */
import type { Regions } from "../pipeline/regions.ts";
import { Facts } from "./facts.tsx";
import { count, counted, isolated, list, percent, points } from "./format.ts";
import { messages } from "./messages.ts";
import { LinkedName, Name, pathTo } from "./name.tsx";
import { leaderIn, type RegionRow } from "./region_table.ts";

const text = messages.region;

/** The page of the region called `name`. */
export function RegionView({ regions: { version, candidates, regions }, name }: {
  regions: Regions;
  name: string;
}) {
  const region = regions.find(({ state }) => state === name);
  if (region === undefined) return null; // another election has begun
  const all = { count: sum(regions, (one) => one.count), voters: sum(regions, (one) => one.voters) };
  const row: RegionRow = { ...region, leader: leaderIn(region, candidates) };
  return (
    <>
      <p class="introduction">{standing(row)}</p>
      <Facts
        of={[
          [text.votes, count(row.count)],
          [text.voters, count(row.voters)],
          [text.turnout, percent(row.count, row.voters), text.overall(percent(all.count, all.voters))],
        ]}
      />
      {row.votes && <Split row={row} candidates={candidates} regions={regions} />}
      <p class="quiet">{messages.regions.version(count(version))}</p>
      <p class="onward">
        <a href="/regions">{text.all}</a>
      </p>
    </>
  );
}

/** The region in one sentence. */
function standing({ count: votes, voters, leader }: RegionRow): string {
  if (leader === null) return text.none;
  if (leader === "unknown") return text.unknown;
  const turnout = percent(votes, voters);
  const names = list(leader.candidates.map((one) => isolated(one.candidate_name)));
  return leader.candidates.length > 1
    ? text.tied(names, turnout)
    : text.standing(names, counted(leader.margin, "vote"), turnout);
}

function Split({ row, candidates, regions }: {
  row: RegionRow;
  candidates: Regions["candidates"];
  regions: Regions["regions"];
}) {
  const whole = sum(regions, (one) => one.count);
  const share = (part: number, of: number) => of === 0 ? 0 : part / of;
  const lines = candidates
    .map((candidate, i) => ({
      candidate,
      votes: row.votes![i],
      overall: sum(regions, (one) => one.votes?.[i] ?? 0),
    }))
    .sort((a, b) => b.votes - a.votes);
  return (
    <table class="figures split">
      <caption>{text.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{text.columns.candidate}</th>
          <th scope="col" class="number">{text.columns.votes}</th>
          <th scope="col" class="number">{text.columns.share}</th>
          <th scope="col" class="number">{text.columns.overall}</th>
          <th scope="col" class="number">{text.columns.difference}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ candidate, votes, overall }) => (
          <tr key={candidate.candidate_id}>
            <th scope="row">
              <LinkedName of={candidate.candidate_name} to={pathTo("candidates", candidate.candidate_id)} />
              {" "}
              <Name of={candidate.party_affiliation} class="party" />
            </th>
            <td class="number">{count(votes)}</td>
            <td class="number">{percent(votes, row.count)}</td>
            <td class="number">{percent(overall, whole)}</td>
            <td class="number">{points(share(votes, row.count), share(overall, whole))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
