/**
 * `GET /docs`: the API's description as a page to read.
 * @module
 */
import type { Handler } from "hono";
import { Fragment } from "preact";
import { API_SCHEMAS, type ApiSchemaName, jsonSchemaOf } from "./api_schemas.ts";
import { type Operation, OPERATIONS, TAGS } from "./api_table.ts";
import type { Assets } from "./assets.ts";
import { CURL_VARIABLES, curlOf } from "./docs_curl.ts";
import { liveDataOf, type Told } from "./live_page.tsx";
import { markupOf, renderPage } from "./page_shell.tsx";
import { meaningOf, PROBLEM_CODES, type ProblemCode, statusOf } from "./problem.ts";

/** Answers with the page; it has no script. */
export function getDocs(told: Told, assets: Assets): Handler {
  // Most of it never changes.
  let content: string | undefined;
  return (c) => {
    content ??= markupOf(<Content />);
    const page = renderPage(assets, {
      title: "The API",
      heading: "The API",
      shared: "/docs",
      data: liveDataOf(told),
      children: <div class="docs" dangerouslySetInnerHTML={{ __html: content }} />,
    });
    return c.html(page, 200, { "Cache-Control": "no-cache" });
  };
}

const BY_TAG = Map.groupBy(OPERATIONS, ({ tag }) => tag);
const SCHEMA_NAMES = Object.keys(API_SCHEMAS) as ApiSchemaName[];

function Content() {
  return (
    <>
      <Contents />
      <div>
        <Introduction />
        {[...BY_TAG].map(([tag, operations]) => (
          <section key={tag} aria-labelledby={tag}>
            <h2 id={tag}>{tag}</h2>
            <p class="quiet">{TAGS[tag]}</p>
            {operations.map((operation) => <OperationEntry key={operation.id} operation={operation} />)}
          </section>
        ))}
        <Problems />
        <section aria-labelledby="schemas">
          <h2 id="schemas">Schemas</h2>
          <p class="quiet">JSON Schema 2020-12.</p>
          {SCHEMA_NAMES.map((name) => <SchemaEntry key={name} name={name} />)}
        </section>
      </div>
    </>
  );
}

function Contents() {
  return (
    <nav aria-label="Contents">
      <ul>
        {[...BY_TAG].map(([tag, operations]) => (
          <li key={tag}>
            <a href={`#${tag}`}>{tag}</a>
            <ul>
              {operations.map(({ id, method, path }) => (
                <li key={id}>
                  <a href={`#${id}`}>
                    <Address method={method} path={path} />
                  </a>
                </li>
              ))}
            </ul>
          </li>
        ))}
        <li>
          <a href="#problems">Problems</a>
        </li>
        <li>
          <a href="#schemas">Schemas</a>
        </li>
      </ul>
    </nav>
  );
}

function Introduction() {
  return (
    <section class="introduction" aria-label="Introduction">
      <p>
        JSON both ways, in UTF-8; times are ISO 8601 in UTC. A token is sent as{" "}
        <code>Authorization: Bearer</code>. What can't be answered as asked is a{" "}
        <a href="#problems">problem</a> with a code to branch on. All of this is also in{" "}
        <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).
      </p>
      <p>The examples take these variables of the shell:</p>
      <pre tabIndex={0}>{CURL_VARIABLES}</pre>
    </section>
  );
}

function OperationEntry({ operation }: { operation: Operation }) {
  const { id, method, path, summary, bearers, anonymous, parameters = {}, query = {}, body, answers } =
    operation;
  return (
    <article aria-labelledby={id}>
      <h3 id={id}>
        <Address method={method} path={path} />
      </h3>
      <p>{summary}.</p>
      <dl>
        <dt>Token</dt>
        <dd>
          {bearers.length === 0
            ? "None: open to all"
            : `${anonymous ? "None, or: " : ""}${BEARERS[bearers.join()]}`}
        </dd>
        {Object.entries(parameters).map(([name, { description }]) => (
          <Fragment key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{description}</dd>
          </Fragment>
        ))}
        {Object.entries(query).map(([name, { description }]) => (
          <Fragment key={name}>
            <dt>
              <code>?{name}=</code>
            </dt>
            <dd>{description}</dd>
          </Fragment>
        ))}
        {body && (
          <>
            <dt>Body</dt>
            <dd>
              {body.one && <SchemaLink name={body.one} />}
              {body.many && (
                <>
                  , or an array of 1 to 1,000 <SchemaLink name={body.many} />
                </>
              )}
            </dd>
          </>
        )}
      </dl>
      <pre tabIndex={0} aria-label="Example">{curlOf(operation)}</pre>
      <table>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Answer</th>
          </tr>
        </thead>
        <tbody>
          {answers.map(({ status, description, type, schema }) => (
            <tr key={status}>
              <td>{status}</td>
              <td>
                {description} {schema ? <SchemaLink name={schema} /> : type && <code>{type}</code>}
              </td>
            </tr>
          ))}
          {problemsByStatus(operation.problems).map(([status, codes]) => (
            <tr key={`problem ${status}`}>
              <td>{status}</td>
              <td>
                <CodeLinks codes={codes} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

const BEARERS: Record<string, string> = {
  "voter": "The voter's own",
  "admin": "The administrator's",
  "analyst": "SQL_TOKEN, where one is set",
  "voter,admin": "The voter's own; the administrator's for an array",
};

/** The method, and the path, which may be broken where it has a slash. */
function Address({ method, path }: Pick<Operation, "method" | "path">) {
  return (
    <code>
      <span class="method">{method.toUpperCase()}</span>{" "}
      {path.split(/(?<=.)(?=\/)/).map((part, i) => (
        <Fragment key={i}>
          {i > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </code>
  );
}

function CodeLinks({ codes }: { codes: readonly ProblemCode[] }) {
  return codes.map((code, i) => (
    <Fragment key={code}>
      {i > 0 && ", "}
      <a href={`#problem-${code}`}>
        <code>{code}</code>
      </a>
    </Fragment>
  ));
}

function problemsByStatus(problems: readonly ProblemCode[]) {
  return [...Map.groupBy(problems, (code) => statusOf(code).status)].sort(([a], [b]) => a - b);
}

function Problems() {
  const described = new Set(OPERATIONS.flatMap(({ problems }) => problems));
  const anywhere = PROBLEM_CODES.filter((code) => !described.has(code));
  return (
    <section aria-labelledby="problems">
      <h2 id="problems">Problems</h2>
      <p class="quiet">
        As <code>application/problem+json</code> (RFC 9457):{" "}
        <SchemaLink name="Problem" />. Any address may answer <CodeLinks codes={anywhere} />.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Code and what it means</th>
          </tr>
        </thead>
        <tbody>
          {problemsByStatus(PROBLEM_CODES).flatMap(([status, codes]) =>
            codes.map((code) => (
              <tr key={code} id={`problem-${code}`}>
                <td>{status}</td>
                <td>
                  <code>{code}</code> <span class="meaning">{meaningOf(code)}</span>
                </td>
              </tr>
            ))
          )}
        </tbody>
      </table>
    </section>
  );
}

function SchemaLink({ name }: { name: ApiSchemaName }) {
  return <a href={`#schema-${name}`}>{name}</a>;
}

function SchemaEntry({ name }: { name: ApiSchemaName }) {
  return (
    <details id={`schema-${name}`}>
      <summary>{name}</summary>
      <pre tabIndex={0} aria-label={`Schema of ${name}`}>{JSON.stringify(jsonSchemaOf(name), null, 2)}</pre>
    </details>
  );
}
