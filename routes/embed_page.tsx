/**
 * `GET /embed/v1/VIEW`: a view as a page for frames on other sites: its numbers as HTML, which the element then
 * keeps live.
 *
 * A frame may be in a sandbox without an origin: nothing is stored, and scripts and styles are asked for by CORS.
 * @module
 */
import type { Context, Env, Handler } from "hono";
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { type EmbedOptions, framePath, knowsRegions, picturePath, VIEWS } from "../islands/embed_options.ts";
import { attributesOf } from "../islands/embed_code.ts";
import { EmbedView } from "../islands/embed_view.tsx";
import { plain } from "../islands/format.ts";
import { summaryOf } from "../islands/picture_results.tsx";
import type { Assets } from "./assets.ts";
import { isHeld } from "./conditional.ts";
import type { FigureSource } from "./embed_figures.ts";
import { FRAME_PARAMETERS, readAsked, viewOf } from "./embed_query.ts";
import { CACHED } from "./pictures.ts";
import { Preview } from "./preview.tsx";
import { type ProblemCode, statusOf } from "./problem.ts";

/** Answers with the page. */
export function getFrame(figuresOf: FigureSource, assets: Assets): Handler<Env, "/embed/v1/:view"> {
  return async (c) => {
    const view = viewOf(c.req.param("view"));
    if (view === null) {
      return failed(c, assets, "not_found", `A view is at /embed/v1/VIEW, VIEW one of ${VIEWS.join(", ")}.`);
    }
    const asked = readAsked(c, view, FRAME_PARAMETERS);
    if ("refused" in asked) return asked.refused;
    const figures = await figuresOf(asked);
    if ("problem" in figures) return failed(c, assets, figures.problem, figures.detail);
    const { options } = asked;
    const { results, charts } = figures;
    const summary = plain(summaryOf(results, options.region));
    const picture = knowsRegions(view) || charts === null
      ? null
      : { address: picturePath(options, "svg", 600), alternative: summary };
    // The build is part of it: a page must not name scripts that are gone.
    const etag = `W/"${await tagOf([
      c.req.url,
      figures.tag,
      assets.url("embed.js"),
      assets.url("embed.css"),
    ])}"`;
    const headers = { "ETag": etag, "Cache-Control": CACHED };
    if (isHeld(c.req.header("If-None-Match"), etag)) return c.body(null, 304, headers);
    const page = render(
      assets,
      options,
      summary,
      <Preview
        assets={assets}
        path={framePath(options)}
        title={summary}
        site={results.election.title}
        summary={summary}
        scope={options}
      />,
      <teller-results {...attributesOf(options)}>
        <EmbedView options={options} results={results} picture={picture} />
      </teller-results>,
    );
    return c.html(page, 200, headers);
  };
}

async function tagOf(parts: string[]): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(parts)));
  return new Uint8Array(bytes).toBase64({ alphabet: "base64url" }).slice(0, 22);
}

/** A frame that has nothing to show says why, and nothing else. */
function failed(c: Context, assets: Assets, code: ProblemCode, detail: string): Response {
  const { status, title } = statusOf(code);
  return c.body(render(assets, null, title, null, <p>{detail}</p>), status, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
  });
}

function render(
  assets: Assets,
  options: EmbedOptions | null,
  title: string,
  preview: ComponentChildren,
  children: ComponentChildren,
): string {
  const { theme, asOf } = options ?? { theme: "auto", asOf: null };
  return "<!doctype html>" + renderToString(
    <html lang="en-GB" data-theme={theme === "auto" ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        {preview}
        <link rel="icon" href={assets.url("icon.svg")} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.url("embed.css")} crossorigin="anonymous" />
        {options && (
          <>
            <script type="module" src={assets.url("embed.js")} crossorigin="anonymous" />
            <script type="module" src="/widget/v1.js" crossorigin="anonymous" />
          </>
        )}
        {options && asOf === null && (
          <noscript>
            <meta http-equiv="refresh" content="30" />
          </noscript>
        )}
      </head>
      <body>
        <main id="frame">{children}</main>
      </body>
    </html>,
  );
}

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      /** The element that `/widget/v1.js` defines. */
      "teller-results": preact.HTMLAttributes<HTMLElement>;
    }
  }
}
