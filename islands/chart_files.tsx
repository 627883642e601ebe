/**
 * Links to a chart as files.
 * @module
 */
import { chartMessages as text } from "./chart_messages.ts";

interface FilesProps {
  name: string;
  /** What assistive technology tells them apart by. */
  title: string;
  /** What the SVG's address has after its path. */
  fileQuery?: string;
  /** The address of the named query that gives the same numbers. */
  asked: string;
}

/** The picture and the numbers of the chart of that name, and the query behind them. */
export function Files({ name, title, fileQuery = "", asked }: FilesProps) {
  return (
    <span class="files">
      <a href={`/charts/${name}.svg${fileQuery}`} aria-label={`${title}, ${text.svg}`}>{text.svg}</a>{" "}
      <a href={`/charts/${name}.csv`} aria-label={`${title}, ${text.csv}`}>{text.csv}</a>{" "}
      <a href={asked} aria-label={`${title}, ${text.query}`}>{text.query}</a>
    </span>
  );
}
