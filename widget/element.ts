/**
 * `<teller-results>`: results in anybody's page. What stands in it is shown until there is something to show, and where
 * the script is blocked.
 * @module
 */
/// <reference lib="dom" />
import { votesOf } from "../islands/chart_data.ts";
import { leaders, type LiveResults } from "../islands/sentence.ts";
import { plain } from "../islands/format.ts";
import { bars } from "./bars.ts";
import { card } from "./card.ts";
import { type Feed, frozenFeed, liveFeed } from "./feed.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { framed } from "./frame.ts";
import { map } from "./map.ts";
import { ATTRIBUTES, type Options, optionsOf } from "./options.ts";
import { race } from "./race.ts";
import { standingIn, standingOf } from "./standing.ts";
import { styleSheet } from "./style.ts";
import { isDark, languageAround } from "./surroundings.ts";
import { table } from "./table.ts";
import { h, show, type Tree } from "./tree.ts";
import { words } from "./words.ts";

const OF_CANDIDATES = { bars, table, card };
/** Before it is scrolled into sight, so that it is there when it is. */
const NEAR = "400px";

/** What is shown, and what else is to be said of it. */
interface Body {
  readonly trees: readonly Tree[];
  readonly counted: { readonly votes: number; readonly voters: number; readonly isFinal: boolean } | null;
  readonly asOf: string;
}

/** Makes the element's class for a script that came from `home`. */
export function tellerResults(home: string): CustomElementConstructor {
  const near = new WeakMap<Element, (isNear: boolean) => void>();
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) near.get(target)?.(isIntersecting);
  }, { rootMargin: NEAR });
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) if (target instanceof TellerResults) target.draw();
  });
  const dark = matchMedia("(prefers-color-scheme: dark)");

  class TellerResults extends HTMLElement {
    static readonly observedAttributes = ATTRIBUTES;
    readonly #root = this.attachShadow({ mode: "open" });
    #options: Options = optionsOf(this, home);
    #feed: Feed | null = null;
    #isNear = false;
    #unfollow: (() => void)[] = [];
    #drawing = 0;
    #said: { results: LiveResults; leaders: string[]; isLost: boolean } | null = null;
    #announcement = "";
    readonly #redraw = () => this.draw();

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [styleSheet()];
      show(this.#root, [fallback(words.waiting)]);
    }

    connectedCallback(): void {
      near.set(this, (isNear) => {
        this.#isNear = isNear;
        this.#look();
      });
      watcher.observe(this);
      sizes.observe(this);
      dark.addEventListener("change", this.#redraw);
    }

    disconnectedCallback(): void {
      watcher.unobserve(this);
      sizes.unobserve(this);
      dark.removeEventListener("change", this.#redraw);
      this.#isNear = false;
      this.#look();
    }

    attributeChangedCallback(): void {
      const before = this.#options;
      this.#options = optionsOf(this, home);
      const { base, transport, asOf } = this.#options;
      if (base !== before.base || transport !== before.transport || asOf !== before.asOf) {
        this.#feed = null;
        this.#said = null;
      }
      this.#leave();
      this.#look();
      this.draw();
    }

    /** Follows while it is near, and what its view needs. */
    #look(): void {
      if (!this.#isNear) return this.#leave();
      if (this.#unfollow.length > 0) return;
      const { base, transport, asOf, view, region } = this.#options;
      this.#feed ??= asOf === null ? liveFeed(base, transport) : frozenFeed(base, asOf);
      const { charts, regions } = this.#feed;
      this.#unfollow.push(this.#feed.follow(this.#redraw));
      if (view === "race") this.#unfollow.push(charts.follow());
      if (view === "map" || region !== null) this.#unfollow.push(regions.follow());
      this.draw();
    }

    #leave(): void {
      for (const unfollow of this.#unfollow.splice(0)) unfollow();
    }

    /** Draws before the next frame, however often it is asked to. */
    draw(): void {
      if (this.#drawing !== 0) return;
      this.#drawing = requestAnimationFrame(() => {
        this.#drawing = 0;
        this.#drawNow();
      });
    }

    #drawNow(): void {
      const { base, region, theme, locale, asOf, announce } = this.#options;
      const figures = figuresOf(locale, languageAround(this));
      const newest = this.#feed?.newest() ?? null;
      const body = newest && this.#body(newest.results, figures);
      const connection = this.#feed?.connection() ?? "waiting";
      if (!newest || !body) {
        const said = connection === "not_kept"
          ? words.notKept
          : connection === "lost"
          ? words.unreachable
          : words.waiting;
        show(this.#root, [fallback(said)]);
        return;
      }
      const isLost = connection === "lost";
      const frame = framed({
        newest,
        region,
        counted: body.counted,
        asOf: body.asOf,
        isLost,
        figures,
        nowMs: Date.now(),
        theme,
        isDark: theme === "auto" ? isDark(this) : theme === "dark",
        base,
      }, body.trees);
      const news = this.#news(newest.results, isLost, figures);
      show(this.#root, [
        frame,
        ...announce && asOf === null
          ? [h("div", { class: "unseen", role: "status", lang: "en-GB" }, this.#announcement)]
          : [],
      ]);
      for (const [name, detail] of news) {
        this.dispatchEvent(new CustomEvent(`teller:${name}`, { detail, bubbles: true, composed: true }));
      }
    }

    /** What the view shows; null where that is not there yet. */
    #body(results: LiveResults, figures: Figures): Body | null {
      const { view, region, limit, base } = this.#options;
      const feed = this.#feed!;
      if (view === "race") {
        const data = feed.charts.latest();
        if (!data) return null;
        const trees = race(data, figures, limit, this.clientWidth || 600, leadOf(results, figures));
        return { trees, counted: sumOf(data.groups.state, votesOf), asOf: data.as_of };
      }
      if (view === "map") {
        const data = feed.regions.latest();
        if (!data) return null;
        return {
          trees: map(data, figures),
          counted: sumOf(data.regions, ({ count }) => count),
          asOf: data.as_of,
        };
      }
      if (region === null) {
        const standing = standingOf(results);
        return {
          trees: OF_CANDIDATES[view]({ standing, figures, limit, base }),
          counted: standing,
          asOf: results.as_of,
        };
      }
      const regions = feed.regions.latest();
      if (!regions) return null;
      const standing = standingIn(regions, region);
      if (standing === null || standing === "unknown") {
        const said = standing === null ? words.noRegion : words.splitUnknown;
        return { trees: [h("p", { class: "empty" }, said)], counted: null, asOf: regions.as_of };
      }
      return {
        trees: OF_CANDIDATES[view]({ standing, figures, limit, base }),
        counted: standing,
        asOf: regions.as_of,
      };
    }

    /** The events, and what is read out, of what has changed since the last drawing. */
    #news(results: LiveResults, isLost: boolean, figures: Figures): [name: string, detail: unknown][] {
      const to = leaders(results).map(({ candidate_id }) => candidate_id);
      const before = this.#said;
      this.#said = { results, leaders: to, isLost };
      const news: [string, unknown][] = [];
      if (before?.results !== results) news.push(["update", { version: results.version, results }]);
      if (before && before.leaders.join("\n") !== to.join("\n")) {
        this.#announcement = leadOf(results, figures);
        news.push(["lead-change", { from: before.leaders, to, results }]);
      }
      if (isLost && !before?.isLost) {
        news.push(["stale", { version: results.version, as_of: results.as_of }]);
      }
      return news;
    }
  }
  return TellerResults;
}

/** What is counted in regions. */
function sumOf<T extends { voters: number }>(regions: readonly T[], votesIn: (region: T) => number) {
  return {
    votes: regions.reduce((sum, region) => sum + votesIn(region), 0),
    voters: regions.reduce((sum, { voters }) => sum + voters, 0),
    isFinal: false,
  };
}

/** What stands in the element, or else these words. */
function fallback(said: string): Tree {
  return h("slot", {}, h("p", { part: "waiting" }, said));
}

/** Who leads, in one sentence. */
function leadOf(results: LiveResults, figures: Figures): string {
  const first = leaders(results);
  if (first.length === 0) return words.noVotes;
  const names = figures.list(first.map(({ candidate_name }) => plain(candidate_name)));
  return first.length > 1 ? words.nowTied(names) : words.leads(names, figures.votes(results.leader!.margin));
}
