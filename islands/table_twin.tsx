/**
 * The numbers of a chart as a table, for whoever can't see it or wants to know exactly.
 * @module
 */
/// <reference lib="dom" />
import type { ComponentChildren } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { chartMessages as text } from "./chart_messages.ts";
import type { Cell, ChartTable, Column } from "./chart_table.ts";
import { count, percent } from "./format.ts";
import { Name } from "./name.tsx";

/** The numbers of a chart, to be opened; closed, they stay as they were, so that hundreds of cells cost nothing. */
export function TableTwin({ title, table }: { title: string; table: ChartTable }) {
  const details = useRef<HTMLDetailsElement>(null);
  const shown = useRef(table);
  const [, toggle] = useState(false);
  if (details.current?.open) shown.current = table;
  const rows = useMemo(() => <Rows table={shown.current} />, [shown.current]);
  return (
    <details class="twin" ref={details} onToggle={() => toggle((before) => !before)}>
      <summary>{text.numbers}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={`${title}: ${text.numbers}`}>{rows}</div>
    </details>
  );
}

function Rows({ table }: { table: ChartTable }) {
  const [first] = table.columns;
  return (
    <table>
      <thead>
        <tr>
          {table.columns.map(({ name, heading, kind }) => (
            <th key={name} scope="col" class={classOf(kind)}>
              <Name of={heading} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((cells, i) => (
          <tr key={i} class={cells[1] === null ? "group" : undefined}>
            <th scope="row">{written(cells[0], first.kind)}</th>
            {cells.slice(1).map((cell, j) => (
              <td key={j} class={classOf(table.columns[j + 1].kind)}>
                {written(cell, table.columns[j + 1].kind)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function classOf(kind: Column["kind"]): string | undefined {
  return kind === "count" || kind === "ratio" ? "number" : undefined;
}

function written(cell: Cell, kind: Column["kind"]): ComponentChildren {
  if (cell === null) return null;
  if (kind === "time") return String(cell).slice(11, 19);
  if (typeof cell === "object") return percent(cell.part, cell.whole);
  return typeof cell === "string" ? <Name of={cell} /> : count(cell);
}
