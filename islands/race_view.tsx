/**
 * The page of the race: one chart, every change of the lead, all stretches.
 * @module
 */
import { chartMessages as text } from "./chart_messages.ts";
import { ChartsAsOf, type ChartsProps, Race } from "./charts_view.tsx";

/** The race, with its moment. */
export function RaceView(props: ChartsProps) {
  const { data } = props;
  if (data === null) return <p class="quiet charts-none">{text.none}</p>;
  return (
    <>
      <ChartsAsOf data={data} />
      <Race {...props} data={data} />
    </>
  );
}
