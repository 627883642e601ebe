/**
 * The chart of an answer, and the choice of what it draws.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useRef, useState } from "preact/hooks";
import { type ChartChoice, suggestChart } from "./sql_chart_choice.ts";
import { isNumeric, type SqlRows } from "./sql_question.ts";

/** A chart of the rows; nothing where there is nothing to draw. */
export function SqlChart({ rows }: { rows: SqlRows }) {
  const suggested = suggestChart(rows);
  const [chosen, setChosen] = useState<{ of: string; choice: ChartChoice } | null>(null);
  const figure = useRef<HTMLDivElement>(null);
  // A choice holds for answers of the same columns.
  const shape = JSON.stringify(rows.columns);
  const choice = chosen?.of === shape ? chosen.choice : suggested;
  const change = (part: Partial<ChartChoice>) => setChosen({ of: shape, choice: { ...choice!, ...part } });

  useEffect(() => {
    const host = figure.current;
    if (host === null || choice === null) return;
    let observer: ResizeObserver | null = null;
    let over = false;
    import("./sql_chart.ts").then(({ drawChart, fitForPage }) => {
      if (over) return;
      observer = new ResizeObserver(() =>
        host.replaceChildren(fitForPage(drawChart(rows, choice, Math.max(280, host.clientWidth))))
      );
      observer.observe(host);
    });
    return () => {
      over = true;
      observer?.disconnect();
    };
  }, [rows, choice?.kind, choice?.x, choice?.y, choice?.series]);

  if (choice === null) return null;
  const options = rows.columns.map(({ name, type }, index) => ({ name, index, numeric: isNumeric(type) }));
  const label = `${choice.kind === "line" ? "Line" : "Bar"} chart of ${rows.columns[choice.y].name} by ` +
    `${rows.columns[choice.x].name}; the rows are in the table above`;
  return (
    <section class="sql-chart" aria-labelledby="sql-chart">
      <h2 id="sql-chart">Chart</h2>
      <div class="sql-fields">
        <Choice
          label="Drawn as"
          value={choice.kind}
          options={[["line", "lines"], ["bar", "bars"]]}
          onChoose={(kind) => change({ kind: kind as ChartChoice["kind"] })}
        />
        <Choice
          label="Across"
          value={String(choice.x)}
          options={options.map(({ name, index }) => [String(index), name])}
          onChoose={(x) => change({ x: Number(x) })}
        />
        <Choice
          label="Value"
          value={String(choice.y)}
          options={options.filter(({ numeric }) => numeric).map(({ name, index }) => [String(index), name])}
          onChoose={(y) => change({ y: Number(y) })}
        />
        <Choice
          label="Told apart by"
          value={String(choice.series ?? "")}
          options={[
            ["", "nothing"],
            ...options.map(({ name, index }): [string, string] => [String(index), name]),
          ]}
          onChoose={(series) => change({ series: series === "" ? null : Number(series) })}
        />
      </div>
      <div ref={figure} class="sql-figure" role="img" aria-label={label} />
    </section>
  );
}

function Choice({ label, value, options, onChoose }: {
  label: string;
  value: string;
  options: [value: string, name: string][];
  onChoose: (value: string) => void;
}) {
  const id = `sql-chart-${label.toLowerCase().replaceAll(" ", "-")}`;
  return (
    <div>
      <label for={id}>{label}</label>
      <select id={id} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([option, name]) => (
          <option key={option} value={option} selected={option === value}>{name}</option>
        ))}
      </select>
    </div>
  );
}
