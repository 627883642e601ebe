/**
 * The charts over time and by group, as pure markup: each with its title, what it says in words, its numbers as
 * a table and files to download.
 * @module
 */
import type { ComponentChildren } from "preact";
import {
  type Caption,
  mapCaption,
  RACE_MODES,
  raceCaption,
  type RaceMode,
  turnoutCaption,
} from "./chart_captions.ts";
import type { ChartData } from "./chart_data.ts";
import type { Drawing, Drawings } from "./chart_drawings.ts";
import { Files } from "./chart_files.tsx";
import { chartMessages as text } from "./chart_messages.ts";
import { address as queryAddress, raceAddress } from "./chart_queries.ts";
import { type ChartTable, mapTable, raceTotalsTable, turnoutTable } from "./chart_table.ts";
import { TableTwin } from "./table_twin.tsx";
import { count, moment } from "./format.ts";
import { Name } from "./name.tsx";
import { address } from "./pace.ts";

/** What is shown. */
export interface ChartsProps {
  /** Null before the first snapshot. */
  data: ChartData | null;
  /** Whose line stands out, if anybody's. */
  of?: string | null;
  /** Null in a browser that has not drawn anything yet: what the server drew stays. */
  drawn: Drawings | null;
  mode: RaceMode;
  /** The query of the page's address. */
  query: URLSearchParams;
  /** Without it, the choices are links that load the page again. */
  setMode?: (mode: RaceMode) => void;
}

/** The charts of the overview, in their order. */
export function ChartsView({ data, drawn, mode, query, setMode }: ChartsProps) {
  if (data === null) return <p class="quiet charts-none">{text.none}</p>;
  return (
    <>
      <ChartsAsOf data={data} />
      <div class="charts">
        <Race {...{ data, drawn, mode, query, setMode }} changes={<FoldedChanges data={data} />} />
        <Figure
          name="map"
          caption={mapCaption(data)}
          drawing={drawn?.map ?? null}
          table={mapTable(data)}
          asked={queryAddress("leaders_by_state", data)}
        >
          <p class="quiet">{text.tileNote}</p>
        </Figure>
        <Figure
          name="age"
          caption={turnoutCaption(data, "age_band")}
          drawing={drawn?.age ?? null}
          table={turnoutTable(data, "age_band")}
          asked={queryAddress("turnout_by_age", data)}
        />
        <Figure
          name="gender"
          caption={turnoutCaption(data, "gender")}
          drawing={drawn?.gender ?? null}
          table={turnoutTable(data, "gender")}
          asked={queryAddress("turnout_by_gender", data)}
        />
      </div>
    </>
  );
}

/** Which moment the charts show: they come with snapshots, and so are a little behind the figures. */
export function ChartsAsOf({ data }: { data: ChartData }) {
  return (
    <p class="quiet charts-as-of">
      {text.asOf} <time dateTime={data.as_of}>{moment(data.as_of)}</time>,{" "}
      {text.version(count(data.version))}.
    </p>
  );
}

/** The race alone; `changes` stands below it. */
export function Race(
  { data, drawn, mode, query, setMode, changes }: ChartsProps & {
    data: ChartData;
    changes?: ComponentChildren;
  },
) {
  return (
    <Figure
      name="race"
      caption={raceCaption(data, mode)}
      drawing={drawn?.race ?? null}
      table={raceTotalsTable(data)}
      fileQuery={mode === "lead" ? "" : `?mode=${mode}`}
      asked={raceAddress(data, mode)}
      controls={<Modes {...{ mode, query, setMode }} />}
    >
      {changes}
    </Figure>
  );
}

function Modes({ mode, query, setMode }: Pick<ChartsProps, "mode" | "query" | "setMode">) {
  return (
    <nav class="choices" aria-label={text.raceChoice}>
      {Object.entries(RACE_MODES).map(([name, label]) => (
        <a
          key={name}
          href={`${address("", raceQuery(query, name as RaceMode)) || "?"}#race`}
          aria-current={name === mode ? "true" : undefined}
          onClick={setMode && ((event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return; // it is to open elsewhere
            event.preventDefault();
            setMode(name as RaceMode);
          })}
        >
          {label}
        </a>
      ))}
    </nav>
  );
}

/** The query of an address that shows the race in this mode, and all else as it was. */
export function raceQuery(query: URLSearchParams, mode: RaceMode): URLSearchParams {
  const changed = new URLSearchParams(query);
  if (mode === "lead") changed.delete("race");
  else changed.set("race", mode);
  return changed;
}

/** The newest changes are what a reader of the overview looks for; the page of the race has all. */
const MAX_CHANGES = 12;

function FoldedChanges({ data }: { data: ChartData }) {
  if (data.lead_changes.length === 0) return null;
  return (
    <details>
      <summary>{text.overtakings} ({count(data.lead_changes.length - 1)})</summary>
      <LeadChanges data={data} most={MAX_CHANGES} />
    </details>
  );
}

/** When the lead changed hands, the newest first. */
export function LeadChanges({ data, most }: { data: ChartData; most: number }) {
  const names = new Map(data.candidates.map((one) => [one.candidate_id, one.candidate_name]));
  const changes = data.lead_changes.map((change, i) => ({ ...change, isFirst: i === 0 }));
  return (
    <ol class="changes" reversed start={changes.length}>
      {changes.slice(-most).reverse().map(({ at, candidate_id, margin, isFirst }) => (
        <li key={at}>
          <time dateTime={at}>{at.slice(11, 19)}</time>{" "}
          <span>
            <Name of={names.get(candidate_id) ?? candidate_id} /> {isFirst ? text.firstLead : text.tookLead},
            {" "}
            {text.by(count(margin))}
          </span>
        </li>
      ))}
    </ol>
  );
}

interface FigureProps {
  name: string;
  caption: Caption;
  drawing: Drawing | null;
  table: ChartTable;
  /** What the SVG's address has after its path. */
  fileQuery?: string;
  /** The named query behind its numbers. */
  asked: string;
  controls?: ComponentChildren;
  children?: ComponentChildren;
}

/** A chart with its words, its numbers and its files. */
export function Figure(
  { name, caption, drawing, table, fileQuery = "", asked, controls, children }: FigureProps,
) {
  return (
    <figure class="chart" id={name} aria-labelledby={`${name}-title`}>
      <figcaption>
        <h2 id={`${name}-title`}>{caption.title}</h2>
        <p>{caption.description}</p>
      </figcaption>
      {controls}
      <Picture size="wide" drawing={drawing} />
      <Picture size="narrow" drawing={drawing} />
      {children}
      <TableTwin title={caption.title} table={table} />
      <p class="downloads">
        <Files name={name} title={caption.title} fileQuery={fileQuery} asked={asked} />
      </p>
    </figure>
  );
}

function Picture({ size, drawing }: { size: keyof Drawing; drawing: Drawing | null }) {
  // Hydration leaves markup as it is: an empty one here keeps what the server drew.
  return <div class={`picture ${size}`} dangerouslySetInnerHTML={{ __html: drawing?.[size] ?? "" }} />;
}
