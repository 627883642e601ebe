/**
 * `/quality`: the data-quality checks, what was rejected, and how fast the count is.
 * @module
 */
import type { Handler } from "hono";
import { plain } from "../islands/format.ts";
import { messages } from "../islands/messages.ts";
import { QualityView } from "../islands/quality_view.tsx";
import type { Assets } from "./assets.ts";
import { answerLivePage } from "./live_page.tsx";
import { pageIsland } from "./page_island.tsx";
import { publicAnswer } from "./quality.ts";
import type { Shown } from "./shown.ts";

/** `GET /quality` */
export function getQualityPage(shown: Shown, assets: Assets): Handler {
  return (c) =>
    answerLivePage(c, shown, assets, (data) => {
      const report = publicAnswer(shown.quality());
      const nowMs = Date.now();
      const { heading } = messages.quality;
      return {
        title: `${heading} · ${plain(data.results.election.title)}`,
        heading,
        path: "/quality",
        ...pageIsland(
          { view: "quality", report, nowMs },
          <QualityView data={data} report={report} nowMs={nowMs} />,
        ),
      };
    });
}
