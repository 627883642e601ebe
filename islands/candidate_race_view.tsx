/**
 * The race on a candidate's page: one line that stands out from the others.
 * @module
 */
import { candidateCaption } from "./chart_captions.ts";
import { chartMessages as text } from "./chart_messages.ts";
import { raceAddress } from "./chart_queries.ts";
import { candidateRaceTable } from "./chart_table.ts";
import { ChartsAsOf, type ChartsProps, Figure } from "./charts_view.tsx";

/** The candidate's line, with its moment, and the way to the whole race. */
export function CandidateRaceView({ data, drawn, of }: ChartsProps) {
  if (data === null || of == null) return <p class="quiet charts-none">{text.none}</p>;
  return (
    <>
      <Figure
        name="race"
        caption={candidateCaption(data, of)}
        drawing={drawn?.race ?? null}
        table={candidateRaceTable(data, of)}
        fileQuery={`?mode=share&candidate=${encodeURIComponent(of)}`}
        asked={raceAddress(data, "share")}
      >
        <p class="quiet">
          <a href="/race">{text.race.ofLink}</a>
        </p>
      </Figure>
      <ChartsAsOf data={data} />
    </>
  );
}
