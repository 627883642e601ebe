/**
 * Links to a chart as files.
 * @module
 */
import { chartMessages as text } from "./chart_messages.ts";

/** The picture and the numbers of the chart of that name; `title` is what assistive technology tells them apart by. */
export function Files({ name, title, fileQuery = "" }: { name: string; title: string; fileQuery?: string }) {
  return (
    <span class="files">
      <a href={`/charts/${name}.svg${fileQuery}`} aria-label={`${title}, ${text.svg}`}>{text.svg}</a>{" "}
      <a href={`/charts/${name}.csv`} aria-label={`${title}, ${text.csv}`}>{text.csv}</a>
    </span>
  );
}
