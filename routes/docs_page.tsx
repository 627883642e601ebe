/**
 * `GET /docs`: the API's description as a page to read.
 * @module
 */
import type { Handler } from "hono";
import { API_SCHEMAS, type ApiSchemaName, jsonSchemaOf } from "./api_schemas.ts";
import { type Operation, OPERATIONS } from "./api_table.ts";
import type { Assets } from "./assets.ts";
import { renderPage } from "./page_shell.tsx";
import { statusOf } from "./problem.ts";

/** Answers with the page, rendered once; it has no script. */
export function getDocs(assets: Assets): Handler {
  let page: string | undefined;
  return (c) => c.html(page ??= render(assets), 200, { "Cache-Control": "no-cache" });
}

function render(assets: Assets): string {
  const tags = Map.groupBy(OPERATIONS, ({ tag }) => tag);
  return renderPage(assets, {
    title: "The API",
    description: "Every address of this election's API, what it takes and what it answers.",
    heading: "The API",
    children: (
      <>
        <p>
          Everything here is also in <a href="/openapi.json">openapi.json</a>{" "}
          (OpenAPI 3.1). JSON both ways; problems are <code>application/problem+json</code> with a{" "}
          <code>code</code> to branch on. Tokens are sent as <code>Authorization: Bearer</code>.
        </p>
        {[...tags].map(([tag, operations]) => (
          <section key={tag}>
            <h2>{tag}</h2>
            {operations.map((operation) => <OperationEntry key={operation.id} operation={operation} />)}
          </section>
        ))}
        <section>
          <h2>Schemas</h2>
          {(Object.keys(API_SCHEMAS) as ApiSchemaName[]).map((name) => (
            <SchemaEntry key={name} name={name} />
          ))}
        </section>
      </>
    ),
  });
}

function OperationEntry({ operation }: { operation: Operation }) {
  const { id, method, path, summary, bearers, query = {}, body, answers, problems } = operation;
  return (
    <article id={id}>
      <h3>
        <code>{`${method.toUpperCase()} ${path}`}</code>
      </h3>
      <p>
        {summary}. {bearers.length === 0 ? "Open to all." : `Token: ${bearers.join(" or ")}.`}{" "}
        {body?.one && (
          <>
            Takes <SchemaLink name={body.one} />
          </>
        )}
        {body?.many && (
          <>
            , or an array of <SchemaLink name={body.many} />
          </>
        )}
        {body && "."}
      </p>
      {Object.entries(query).map(([name, { description }]) => (
        <p key={name}>
          <code>?{name}=</code> {description}
        </p>
      ))}
      <table>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Means</th>
          </tr>
        </thead>
        <tbody>
          {answers.map(({ status, description, schema }) => (
            <tr key={status}>
              <td>{status}</td>
              <td>
                {description} {schema && <SchemaLink name={schema} />}
              </td>
            </tr>
          ))}
          {problems.map((code) => (
            <tr key={code}>
              <td>{statusOf(code).status}</td>
              <td>
                <code>{code}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

function SchemaLink({ name }: { name: ApiSchemaName }) {
  return <a href={`#schema-${name}`}>{name}</a>;
}

function SchemaEntry({ name }: { name: ApiSchemaName }) {
  return (
    <details id={`schema-${name}`}>
      <summary>{name}</summary>
      <pre tabIndex={0}>{JSON.stringify(jsonSchemaOf(name), null, 2)}</pre>
    </details>
  );
}
