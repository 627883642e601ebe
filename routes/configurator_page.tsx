/**
 * `GET /embed`: the page where an editor chooses a view and copies the code for another site.
 * @module
 */
import type { Handler } from "hono";
import { configuratorMessages as text } from "../islands/configurator_messages.ts";
import { type ConfiguratorProps, ConfiguratorView } from "../islands/configurator_view.tsx";
import { DEFAULTS } from "../islands/embed_options.ts";
import { plain } from "../islands/format.ts";
import { headline } from "../islands/sentence.ts";
import type { Assets } from "./assets.ts";
import { optionsIn } from "./embed_query.ts";
import { liveDataOf } from "./live_page.tsx";
import { IslandData, renderPage } from "./page_shell.tsx";
import type { Shown } from "./shown.ts";
import { newestRelease } from "./widget.ts";

/** Answers with the page; its form's fields are its parameters. */
export function getConfigurator(
  shown: Pick<Shown, "updates" | "vitals" | "regions">,
  assets: Assets,
): Handler {
  return (c) => {
    const data = liveDataOf(shown);
    const { searchParams } = new URL(c.req.url);
    const options = optionsIn(searchParams.get("view") ?? DEFAULTS.view, searchParams);
    const asOf = searchParams.get("as_of") ?? "";
    const summary = plain(headline(data.results));
    const props: ConfiguratorProps = {
      options: options ?? DEFAULTS,
      place: { baseUrl: assets.address(""), release: newestRelease(assets), summary },
      regions: shown.regions().regions.map(({ state }) => state),
      complaints: options === null
        ? { view: text.wrong.view }
        : asOf !== "" && options.asOf === null
        ? { as_of: text.wrong.as_of }
        : {},
    };
    const html = renderPage(assets, {
      title: `${text.heading} · ${data.results.election.title}`,
      shared: "/embed",
      script: "configurator.js",
      heading: text.heading,
      data,
      children: (
        <>
          <p class="introduction">{text.introduction}</p>
          <div id="embed">
            <ConfiguratorView {...props} />
          </div>
          <IslandData id="embed-data" data={props} />
        </>
      ),
    });
    return c.html(html, 200, { "Cache-Control": "no-cache" });
  };
}
