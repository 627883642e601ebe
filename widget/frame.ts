/**
 * What stands around every view: that the election is simulated, what it is called, how much is counted, and as of
 * when the figures are.
 * @module
 */
import { plain } from "../islands/format.ts";
import type { Theme } from "../islands/embed_options.ts";
import type { Newest } from "../islands/newest.ts";
import type { Figures } from "./figures.ts";
import { h, type Tree } from "./tree.ts";
import { nameOf } from "./view.ts";
import { words } from "./words.ts";

/** What the frame says. */
export interface Frame {
  readonly newest: Newest;
  readonly region: string | null;
  /** Votes and voters of what is shown; null where nothing is. */
  readonly counted: { readonly votes: number; readonly voters: number; readonly isFinal: boolean } | null;
  /** When what is shown was so. */
  readonly asOf: string;
  readonly isLost: boolean;
  readonly figures: Figures;
  readonly nowMs: number;
  readonly theme: Theme;
  readonly isDark: boolean;
  readonly base: string;
}

/** The frame with what it stands around. */
export function framed(frame: Frame, body: readonly Tree[]): Tree {
  const { newest: { results }, region, figures, theme, isDark } = frame;
  const { title } = results.election;
  const name = region === null ? title : `${title} · ${region}`;
  return h(
    "div",
    {
      part: "frame",
      class: ["frame", theme !== "auto" && "set", isDark && "dark"].filter(Boolean).join(" "),
      role: "group",
      "aria-label": plain(name),
      lang: "en-GB",
      dir: figures.isRightToLeft ? "rtl" : undefined,
    },
    h(
      "header",
      { part: "header" },
      h("strong", { part: "simulated", class: "flag" }, words.simulated),
      nameOf(name, "title"),
    ),
    h("div", { part: "body" }, ...body),
    footer(frame),
  );
}

function footer({ counted, asOf, figures, nowMs, base, ...rest }: Frame): Tree {
  const notice = noticeOf(rest, counted?.isFinal ?? false, figures);
  return h(
    "footer",
    { part: "footer" },
    notice !== null && h("span", { part: "notice", class: "notice" }, notice),
    counted !== null && h("span", { part: "counted" }, words.counted(figures.votes(counted.votes))),
    counted !== null &&
      h("span", { part: "turnout" }, words.turnout(figures.percent(counted.votes, counted.voters))),
    h(
      "span",
      {},
      `${words.asOf} `,
      h("time", { part: "time", datetime: asOf }, figures.moment(asOf, nowMs)),
    ),
    h("a", { part: "link", href: base, target: "_blank", rel: "noopener" }, words.fullResults),
  );
}

/** What is to be known before the figures are believed; the gravest of it. */
function noticeOf(
  { newest, isLost }: Pick<Frame, "newest" | "isLost">,
  isFinal: boolean,
  figures: Figures,
): string | null {
  if (isLost) return words.lost;
  if (newest.serverVersion !== null) return words.behind(figures.count(newest.serverVersion));
  if (newest.results.catching_up) return words.catchingUp;
  return isFinal ? words.finalResult : null;
}
