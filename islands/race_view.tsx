/**
 * The page of the race: one chart, every change of the lead, all stretches.
 * @module
 */
import { chartMessages as text } from "./chart_messages.ts";
import { ChartsAsOf, type ChartsProps, LeadChanges, Race } from "./charts_view.tsx";

/** As many as a person might read. */
const MAX_CHANGES = 100;

/** The race, with its moment. */
export function RaceView(props: ChartsProps) {
  const { data } = props;
  if (data === null) return <p class="quiet charts-none">{text.none}</p>;
  return (
    <>
      <ChartsAsOf data={data} />
      <div class="race-columns">
        <Race {...props} data={data} />
        <section aria-labelledby="changes-heading">
          <h2 id="changes-heading">{text.overtakings}</h2>
          {data.lead_changes.length > 0 && <p class="quiet">{text.changesNote}</p>}
          {data.lead_changes.length === 0
            ? <p class="quiet">{text.noOvertaking}</p>
            : <LeadChanges data={data} most={MAX_CHANGES} />}
        </section>
      </div>
    </>
  );
}
