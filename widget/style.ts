/**
 * How the widget looks. It is adopted by script, not written into the page, so that a page may forbid inline styles.
 * What a page may set are the custom properties that begin with `--teller-`; the README lists them.
 * @module
 */
/// <reference lib="dom" />

/** The candidates' colours on light paper and on dark, those of the pages. */
const LIGHT = ["#17408f", "#bd5310", "#098586", "#c957bd", "#6f4200", "#338ee9", "#6c2735", "#6b524f"];
const DARK = ["#78adf5", "#d9783f", "#58e0b8", "#b07bb0", "#e8bd3a", "#9cd0ff", "#f5976b", "#bf93ae"];

const candidates = (colours: readonly string[]) =>
  colours.map((colour, i) => `--candidate-${i + 1}:var(--teller-candidate-${i + 1},${colour});`).join("");

const CSS = `
:host {
  display: block;
  container-type: inline-size;
  min-inline-size: min(100%, 12rem);
  text-align: start;
}
:host([hidden]) { display: none; }
.frame {
  --ink: var(--teller-ink, inherit);
  --soft: var(--teller-soft, color-mix(in srgb, currentColor 72%, transparent));
  --rule: var(--teller-rule, color-mix(in srgb, currentColor 22%, transparent));
  --flag: var(--teller-flag, #8c3a10);
  --on-flag: var(--teller-on-flag, #fff);
  ${candidates(LIGHT)}
  box-sizing: border-box;
  padding: var(--teller-padding, 0);
  border-radius: var(--teller-radius, 0);
  background: var(--teller-paper, transparent);
  color: var(--ink);
  font-family: var(--teller-font, inherit);
  font-size: var(--teller-size, 1rem);
  line-height: 1.4;
  font-variant-numeric: tabular-nums lining-nums;
  overflow-wrap: anywhere;
}
.frame.dark {
  --flag: var(--teller-flag, #f0b48a);
  --on-flag: var(--teller-on-flag, #1b1b19);
  ${candidates(DARK)}
}
.frame.set {
  --ink: var(--teller-ink, #1b1b19);
  padding: var(--teller-padding, 1em);
  background: var(--teller-paper, #fbfaf6);
  color-scheme: light;
}
.frame.set.dark {
  --ink: var(--teller-ink, #ebe9e2);
  background: var(--teller-paper, #15171a);
  color-scheme: dark;
}
* { box-sizing: border-box; }
p, ul, table { margin: 0; padding: 0; }
.soft, .party { color: var(--soft); font-size: 0.85em; }
.strong { font-weight: 700; }
.number { text-align: end; white-space: nowrap; }
.head { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.15em 0.6em; margin-block-end: 0.7em; }
.title { font-family: var(--teller-heading-font, inherit); font-size: 1.15em; font-weight: 700; line-height: 1.2; }
.flag {
  padding: 0.15em 0.55em;
  border-radius: calc(var(--teller-radius, 0px) / 2);
  background: var(--flag);
  color: var(--on-flag);
  font-size: 0.7em;
  font-weight: 600;
  letter-spacing: 0.07em;
  text-transform: uppercase;
}
footer { display: flex; flex-wrap: wrap; gap: 0.1em 1em; margin-block-start: 0.8em; color: var(--soft); font-size: 0.8em; }
footer a { color: inherit; text-underline-offset: 0.15em; }
footer .notice { flex-basis: 100%; color: var(--ink); font-weight: 600; }
/* English stands from left to right in whatever it stands; a moment is the locale's. */
footer span, .figures, p.soft, .empty { unicode-bidi: plaintext; }
footer time { unicode-bidi: isolate; }
:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
.mark {
  display: inline-block;
  margin-inline: 0.15em;
  padding-inline: 0.4em;
  border: 1px solid currentColor;
  border-radius: calc(var(--teller-radius, 0px) / 2);
  font-size: 0.72em;
  font-weight: 600;
  vertical-align: 0.08em;
}
.first .name { font-weight: 700; }
.empty { padding-block: 0.5em; }

.bars, .bars thead, .bars tbody { display: block; }
.bars tr:not(.head) {
  display: grid;
  grid-template-columns: 1fr auto 4.2em;
  column-gap: 0.6em;
  align-items: baseline;
  padding-block-end: 0.7em;
}
th { padding: 0; font-weight: 400; text-align: start; }
td { padding: 0; }
.track { grid-column: 1 / -1; margin-block-start: 0.2em; }
.bar {
  display: block;
  inline-size: calc(var(--length) * 100%);
  block-size: var(--teller-bar-height, 0.7em);
  border-radius: calc(var(--teller-radius, 0px) / 2);
  background: var(--colour);
  transition: inline-size 600ms cubic-bezier(0.2, 0.7, 0.2, 1);
}

.plain { inline-size: 100%; border-collapse: collapse; }
.plain .head { position: static; clip-path: none; }
.plain th, .plain td { padding-block: 0.4em; padding-inline-end: 0.9em; border-block-end: 1px solid var(--rule); vertical-align: baseline; }
.plain :is(th, td):last-child { padding-inline-end: 0; }
.plain thead th { color: var(--soft); font-size: 0.8em; }
.plain thead .number { font-weight: 400; }
.plain tbody th { padding-inline-start: 0.7em; border-inline-start: 0.25em solid var(--colour); }
.plain thead th:first-child { padding-inline-start: 1.03em; }
@container (inline-size < 26rem) {
  :is(.bars, .card) .party { display: block; }
  .plain tr { display: grid; grid-template-columns: 1fr auto 3.9em; border-block-end: 1px solid var(--rule); }
  .plain th, .plain td { border-block-end: 0; padding-block: 0.3em; }
  .plain tbody td:nth-child(2) { grid-row: 2; grid-column: 1 / -1; padding-block: 0 0.4em; padding-inline-start: 0.85em; }
  .plain tbody th { padding-inline-start: 0.6em; }
  .plain thead th:nth-child(2) { display: none; }
}

.card { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6em 1em; }
.faces { display: flex; gap: 0.4em; }
.faces img {
  inline-size: clamp(4em, 20cqi, 6em);
  block-size: auto;
  aspect-ratio: 1;
  border-radius: var(--teller-radius, 0);
  border-block-end: 0.3em solid var(--colour);
}
.card .text { display: flex; flex: 1 1 12em; flex-direction: column; align-items: flex-start; }
.card .who .name { display: inline-block; font-family: var(--teller-heading-font, inherit); font-size: 1.45em; font-weight: 700; line-height: 1.15; }
.card .figures { margin-block-start: 0.25em; }

.race { display: block; inline-size: 100%; block-size: auto; overflow: visible; font-size: 12.5px; }
.race text { fill: var(--ink); fill: currentColor; }
.race text.soft { fill: var(--soft); font-size: 11.5px; }
.race .rule { stroke: var(--rule); }
.race .line { fill: none; stroke: var(--colour); stroke-width: 2.5; stroke-linejoin: round; }
.race .dot { fill: var(--colour); }
.race .label { fill: var(--colour); font-weight: 600; }

.map { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 4px; list-style: none; }
.map li {
  grid-area: var(--row) / var(--column);
  min-block-size: 5.4em;
  padding: 0.35em 0.4em 0.3em;
  border-block-end: 0.35em solid var(--colour, var(--rule));
  background: color-mix(in srgb, var(--colour, currentColor) 14%, transparent);
  font-size: clamp(0.66em, 2.3cqi, 0.85em);
  line-height: 1.3;
}
.map span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.map .area { font-weight: 700; }
.map .line:last-child { color: var(--soft); }
.key { display: flex; flex-wrap: wrap; gap: 0.1em 1.2em; margin-block: 0.6em 0.2em; list-style: none; font-size: 0.85em; }
.key li::before { content: ""; display: inline-block; inline-size: 0.7em; block-size: 0.7em; margin-inline-end: 0.45em; background: var(--colour); }

.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@media (prefers-reduced-motion: reduce) { .bar { transition: none; } }
@media (forced-colors: active) {
  .bar { forced-color-adjust: none; background: CanvasText; }
  .flag { border: 1px solid; }
  .race .line { stroke: CanvasText; }
  .race .rule { stroke: GrayText; }
  .key { display: none; }
  .race .dot, .race .label, .race text { fill: CanvasText; }
  .map li { border: 1px solid; }
}
`;

let made: CSSStyleSheet | undefined;

/** The style sheet that all widgets of a page share. */
export function styleSheet(): CSSStyleSheet {
  if (!made) {
    made = new CSSStyleSheet();
    made.replaceSync(CSS);
  }
  return made;
}
