/**
 * The rows of an answer as a table, or why there are none.
 * @module
 */
import { count, counted, moment } from "./format.ts";
import { cellText, isNumeric, type SqlAnswer, type SqlRows } from "./sql_question.ts";

/** What was answered; nothing where nothing was asked. */
export function SqlResultView({ answer }: { answer: SqlAnswer | null }) {
  if (answer === null) return <p class="quiet">Rows appear here.</p>;
  if ("problem" in answer) return <p class="sql-problem" role="alert">{answer.problem}</p>;
  const { rows } = answer;
  return (
    <>
      <p class="quiet">{summary(rows)}</p>
      <div class="sql-rows" tabIndex={0} role="region" aria-label="Rows">
        <table>
          <thead>
            <tr>
              {rows.columns.map(({ name, type }) => (
                <th scope="col" class={isNumeric(type) ? "figure" : undefined}>
                  {name} <small>{type}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.rows.map((row) => (
              <tr>
                {row.map((value, column) => (
                  <td class={isNumeric(rows.columns[column].type) ? "figure" : undefined}>
                    {value === null ? <span class="null">null</span> : cellText(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** What an answer is, in a sentence. */
export function summary({ row_count, truncated, meta }: SqlRows): string {
  const more = truncated ? "; there are more, which a download may have" : "";
  return `${counted(row_count, "row")}${more}, in ${Math.max(1, Math.round(meta.elapsed_ms))} ms, ` +
    `from version ${count(meta.version)} as of ${moment(meta.as_of)}.`;
}
