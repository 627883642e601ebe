/**
 * What all pages share: the document, its head, the header that says "Simulated", and the footer.
 * @module
 */
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Assets } from "./assets.ts";

/** A page to be put into the shell. */
export interface Page {
  title: string;
  /** For search engines and previews; absent where there is nothing to preview. */
  description?: string;
  /** The plain name of the script that makes the page live, if any. */
  script?: string;
  heading: string;
  children: ComponentChildren;
}

/** The document as HTML. */
export function renderPage(assets: Assets, { title, description, script, heading, children }: Page): string {
  return "<!doctype html>" + renderToString(
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        {description && (
          <>
            <meta name="description" content={description} />
            <meta property="og:type" content="website" />
            <meta property="og:title" content={title} />
            <meta property="og:description" content={description} />
          </>
        )}
        <link rel="icon" href={assets.url("icon.svg")} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.url("style.css")} />
        {script && <script type="module" src={assets.url(script)} />}
      </head>
      <body>
        <header class="masthead">
          <p class="strap">
            <strong class="simulated">Simulated</strong>{" "}
            Synthetic voters, invented candidates: nobody was elected.
          </p>
          <h1>
            <bdi>{heading}</bdi>
          </h1>
        </header>
        <main>{children}</main>
        <footer>
          <p>
            Counted by Teller. <a href="/api/v1/results">These results as JSON</a> · <a href="/sql">SQL</a> ·
            {" "}
            <a href="/docs">API</a>
          </p>
        </footer>
      </body>
    </html>,
  );
}

/** Data for an island, as a script element that holds no script. */
export function IslandData({ id, data }: { id: string; data: unknown }) {
  // Escaped, so that no text in the data can end the element.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return <script type="application/json" id={id} dangerouslySetInnerHTML={{ __html: json }} />;
}
