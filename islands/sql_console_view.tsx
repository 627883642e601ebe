/**
 * The SQL console's form, schema and answer, complete without JavaScript; the island gives it life.
 * @module
 */
import type { ComponentChildren } from "preact";
import {
  answerAddress,
  DOWNLOADS,
  givenFor,
  namedOf,
  parameterNames,
  permalink,
  type SqlAccess,
  type SqlAnswer,
  type SqlQuestion,
  type SqlTable,
  type StartingPoint,
} from "./sql_question.ts";
import { SqlResultView } from "./sql_result_view.tsx";

/** What the console shows. */
export interface SqlConsoleProps {
  readonly access: SqlAccess;
  readonly tables: readonly SqlTable[];
  readonly startingPoints: readonly StartingPoint[];
  /** Versions and times that are kept, the newest first. */
  readonly kept: readonly { readonly version: number; readonly as_of: string }[];
  /** The named query that the question came from. */
  readonly from: StartingPoint | null;
  readonly question: SqlQuestion;
  readonly answer: SqlAnswer | null;
}

/** What makes it live. */
export interface SqlConsoleLife {
  readonly onChange: (change: Partial<SqlQuestion>) => void;
  readonly onRun: () => void;
  /** Null: nothing is running. */
  readonly onCancel: (() => void) | null;
  /** Stands in for the plain text field. */
  readonly editor: ComponentChildren;
  readonly chart: ComponentChildren;
  /** Downloads what needs the token, which has no place in an address. */
  readonly onDownload: ((format: typeof DOWNLOADS[number]) => void) | null;
}

/** The console; without `life` it is a plain form. */
export function SqlConsoleView(props: SqlConsoleProps & { life?: SqlConsoleLife }) {
  const { access, tables, startingPoints, from, question, answer, life } = props;
  return (
    <div class="sql">
      <div class="sql-work">
        <QuestionForm {...props} />
        <section aria-labelledby="sql-answer">
          <h2 id="sql-answer">Answer</h2>
          <div aria-busy={life?.onCancel ? "true" : undefined}>
            <SqlResultView answer={answer} />
          </div>
          {life?.chart}
          {answer !== null && "rows" in answer && (
            <Downloads
              question={question}
              from={from}
              access={access}
              onDownload={life?.onDownload ?? null}
            />
          )}
        </section>
      </div>
      <div class="sql-beside">
        <StartingPoints points={startingPoints} current={namedOf(question, from)} />
        <Schema tables={tables} />
      </div>
    </div>
  );
}

function QuestionForm(
  { access, from, kept, question, life }: SqlConsoleProps & { life?: SqlConsoleLife },
) {
  const named = namedOf(question, from);
  const names = parameterNames(question.query);
  return (
    <form
      class="sql-question"
      action="/sql"
      method={access === "token" ? "post" : "get"}
      onSubmit={(event: Event) => {
        event.preventDefault();
        life?.onRun();
      }}
    >
      {named && (
        <p class="sentence">
          <strong>{named.title}.</strong> {named.description}
        </p>
      )}
      {from && <input type="hidden" name="name" value={from.name} />}
      <div>
        <label for="sql-query">Query</label>
        {life?.editor}
        <textarea
          id="sql-query"
          name="query"
          rows={10}
          spellcheck={false}
          autocapitalize="off"
          hidden={life !== undefined}
          value={question.query}
        >
          {question.query}
        </textarea>
      </div>
      <div class="sql-fields">
        {names.map((name) => {
          const known = from !== null && Object.hasOwn(from.parameters, name) ? from.parameters[name] : null;
          return (
            <div key={name}>
              <label for={`sql-param-${name}`}>${name}</label>
              <input
                id={`sql-param-${name}`}
                name={`param_${name}`}
                value={givenFor(question, name)}
                placeholder={known?.default ?? ""}
                aria-describedby={known ? `sql-param-${name}-means` : undefined}
                onInput={life &&
                  ((event) =>
                    life.onChange({
                      parameters: { ...question.parameters, [name]: event.currentTarget.value },
                    }))}
              />
              {known && <p class="quiet" id={`sql-param-${name}-means`}>{known.description}.</p>}
            </div>
          );
        })}
        <div>
          <label for="sql-as-of">As of</label>
          <input
            id="sql-as-of"
            name="as_of"
            list="sql-kept"
            autocomplete="off"
            placeholder="now"
            value={question.asOf}
            aria-describedby="sql-as-of-means"
            onInput={life && ((event) => life.onChange({ asOf: event.currentTarget.value }))}
          />
          <p class="quiet" id="sql-as-of-means">A version, or a time such as 2026-05-07T10:00:00Z.</p>
          <datalist id="sql-kept">
            {kept.map(({ version, as_of }) => <option key={version} value={String(version)}>{as_of}</option>)}
          </datalist>
        </div>
        {access === "token" && (
          <div>
            <label for="sql-token">Token</label>
            <input
              id="sql-token"
              name="token"
              type="password"
              autocomplete="off"
              aria-describedby="sql-token-means"
            />
            <p class="quiet" id="sql-token-means">SQL_TOKEN; named queries need none.</p>
          </div>
        )}
      </div>
      {access === "closed" && (
        <p class="quiet">
          Questions of your own are answered on this machine only, as no SQL_TOKEN is set; named queries are
          answered to everybody.
        </p>
      )}
      <div class="sql-buttons">
        <button type="submit" aria-keyshortcuts="Control+Enter">Run</button>
        {life && (
          <button type="button" disabled={life.onCancel === null} onClick={() => life.onCancel?.()}>
            Cancel
          </button>
        )}
        {life && <span class="quiet">Ctrl-Enter runs, Ctrl-Space completes.</span>}
        <a href={permalink(question, from)}>Link to this query</a>
      </div>
    </form>
  );
}

function Downloads(
  { question, from, access, onDownload }: {
    question: SqlQuestion;
    from: StartingPoint | null;
    access: SqlAccess;
    onDownload: SqlConsoleLife["onDownload"];
  },
) {
  const byAddress = namedOf(question, from) !== null || access === "open";
  if (!byAddress && onDownload === null) return null;
  return (
    <p class="sql-downloads">
      <span>Download as</span>
      {DOWNLOADS.map((format) =>
        byAddress
          ? (
            <a key={format} href={answerAddress(question, from, format)} download={`answer.${format}`}>
              {format}
            </a>
          )
          : <button key={format} type="button" onClick={() => onDownload?.(format)}>{format}</button>
      )}
    </p>
  );
}

function StartingPoints(
  { points, current }: { points: readonly StartingPoint[]; current: StartingPoint | null },
) {
  return (
    <nav aria-labelledby="sql-named">
      <h2 id="sql-named">Named queries</h2>
      <ul>
        {points.map(({ name, title, description }) => (
          <li>
            <a
              href={`/sql?name=${name}`}
              title={description}
              aria-current={current?.name === name ? "page" : undefined}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Schema({ tables }: { tables: readonly SqlTable[] }) {
  return (
    <section aria-labelledby="sql-schema">
      <h2 id="sql-schema">Tables</h2>
      {tables.map(({ name, description, columns }) => (
        <details key={name}>
          <summary>
            <code>{name}</code>
          </summary>
          <p class="quiet">{description}</p>
          <dl>
            {columns.map((column) => (
              <>
                <dt>
                  <code>{column.name}</code> <small>{column.type}</small>
                </dt>
                <dd>{column.description}</dd>
              </>
            ))}
          </dl>
        </details>
      ))}
    </section>
  );
}
