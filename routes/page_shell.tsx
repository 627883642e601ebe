/**
 * What all pages share: the document, its head, the header that says "Simulated", the way to the other pages,
 * and the footer; of live pages also the control of change and the strip.
 * @module
 */
import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { ControlView } from "../islands/control_view.tsx";
import { initialState, type LiveData } from "../islands/live_state.ts";
import { messages } from "../islands/messages.ts";
import { Name } from "../islands/name.tsx";
import { address, keptOf, LIVE, type Pace, paceOf, withPace } from "../islands/pace.ts";
import { headline } from "../islands/sentence.ts";
import { StripView } from "../islands/strip_view.tsx";
import type { Assets } from "./assets.ts";
import { Preview } from "./preview.tsx";

/** A page to be put into the shell. */
export interface Page {
  title: string;
  /** What a preview calls it, beside the sentence that it shows; the title where that isn't the sentence. */
  previewTitle?: string;
  /** The plain name of the script that makes the page live, if any. */
  script?: string;
  heading: string;
  /** The path of this page, or of the one that it belongs to. */
  path?: string;
  /** The path by which others may show a link to this page, or a frame; absent where there is nothing to show. */
  shared?: string;
  /** What the strip and previews tell, and a live page starts from; null where nothing is known yet. */
  data: LiveData | null;
  /** The query of a live page's address; other pages stay as they are. */
  liveQuery?: URLSearchParams;
  children: ComponentChildren;
}

/** The document as HTML. */
export function renderPage(assets: Assets, page: Page): string {
  const { title, script, heading, path, shared, data, liveQuery, children } = page;
  const live = data && liveQuery && { data, query: liveQuery };
  const pace = live ? paceOf(live.query) : LIVE;
  return "<!doctype html>" + renderToString(
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        {data && <meta name="description" content={headline(data.results)} />}
        {data && (
          <Preview
            assets={assets}
            path={shared ?? null}
            title={page.previewTitle ?? title}
            site={data.results.election.title}
            summary={headline(data.results)}
          />
        )}
        <link rel="icon" href={assets.url("icon.svg")} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.url("style.css")} />
        <link rel="stylesheet" href={assets.url("pages.css")} />
        {script && <script type="module" src={assets.url(script)} />}
        {live && <Reload pace={pace} />}
      </head>
      <body>
        <a class="skip" href="#main">{messages.skip}</a>
        <header class="masthead">
          <p class="strap">
            <strong class="simulated">{messages.simulated}</strong> {messages.strap}
          </p>
          <h1>
            <Name of={heading} />
          </h1>
          <Pages path={path} pace={pace} />
        </header>
        {live && (
          <div id="control">
            <ControlView state={firstState(live.data, pace)} kept={keptOf(live.query)} />
          </div>
        )}
        <main id="main" tabIndex={-1}>{children}</main>
        <footer>
          {data && (
            <div id="strip">
              <StripView {...data} />
            </div>
          )}
          {live && (
            <>
              <IslandData id="live-data" data={live.data} />
              <noscript>
                <p>{messages.reload}</p>
              </noscript>
            </>
          )}
          <p class="links">
            <span>{messages.footer.madeBy}</span> <a href="/api/v1/results">{messages.footer.json}</a>{" "}
            <a href="/embed">{messages.footer.embed}</a> <a href="/docs">{messages.footer.api}</a>
          </p>
        </footer>
      </body>
    </html>,
  );
}

/** What a page says of itself before it has heard anything. */
function firstState(data: LiveData, pace: Pace) {
  return initialState(data, pace, Date.parse(data.results.as_of));
}

/** Without JavaScript, a page whose address names a pace loads itself again at it. */
function Reload({ pace: { everySeconds, paused } }: { pace: Pace }) {
  if (everySeconds === 0 || paused) return null;
  return (
    <noscript>
      <meta http-equiv="refresh" content={String(everySeconds)} />
    </noscript>
  );
}

const PATHS = ["/", "/race", "/regions", "/candidates", "/quality", "/sql"] as const;

/** The other pages, which go on at the pace of this one. */
function Pages({ path, pace }: { path?: string; pace: Pace }) {
  const query = withPace(new URLSearchParams(), pace);
  return (
    <nav class="pages" aria-label={messages.pages.label}>
      <ul>
        {PATHS.map((one) => (
          <li key={one}>
            <a href={address(one, query)} aria-current={one === path ? "page" : undefined}>
              {messages.pages[one]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A part of a page, or a picture, as text. */
export const markupOf: (part: VNode) => string = renderToString;

/** Data for an island, as a script element that holds no script. */
export function IslandData({ id, data }: { id: string; data: unknown }) {
  // Escaped, so that no text in the data can end the element.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return <script type="application/json" id={id} dangerouslySetInnerHTML={{ __html: json }} />;
}
