/**
 * What all pictures for other sites share: paper, the election's title, the word "Simulated", the moment they
 * show, and the summary sentence for those who can't see them.
 *
 * Pictures stand alone, so all is in them; names of colours are those of `theme.ts`, filled in at the end.
 * @module
 */
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { cut, drawable } from "./candidate_looks.ts";
import type { Theme } from "./embed_options.ts";
import { DARK, DARK_WHERE_PREFERRED, LIGHT, withColours } from "./theme.ts";

/** First what the server paints PNGs in, then what readers' systems have. */
export const FONTS = "'Source Sans 3', system-ui, 'Segoe UI', Roboto, Arial, sans-serif";

/** A picture without its colours. */
export interface Picture {
  /** In px where nothing else is asked. */
  readonly width: number;
  readonly height: number;
  readonly svg: string;
}

/** What the frame says around a picture. */
export interface Frame {
  readonly width: number;
  /** Of what is in the frame. */
  readonly height: number;
  readonly title: string;
  readonly sentence: string;
  /** The line at the bottom. */
  readonly footer: string;
  readonly children: ComponentChildren;
}

/** The space at the sides. */
export const EDGE = 20;
const HEAD = 56;
const FOOT = 40;
const BADGE = 78;

/** Draws the frame and what is in it, which starts at its own 0, 0. */
export function frameOf({ width, height, title, sentence, footer, children }: Frame): Picture {
  const whole = HEAD + height + FOOT;
  const svg = renderToString(
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${whole}`}
      role="img"
      aria-labelledby="title"
      aria-describedby="description"
      font-family={FONTS}
      font-size="14"
      fill="var(--ink)"
    >
      <title id="title">{drawable(title)}</title>
      <desc id="description">{drawable(sentence)}</desc>
      <rect width={width} height={whole} fill="var(--paper)" />
      <rect x={EDGE} y="16" width={BADGE} height="20" fill="var(--flag)" />
      <text
        x={EDGE + BADGE / 2}
        y="30.5"
        text-anchor="middle"
        font-size="12"
        font-weight="700"
        fill="var(--on-flag)"
      >
        SIMULATED
      </text>
      <Words x={EDGE + BADGE + 10} y={32} width={width - 2 * EDGE - BADGE - 10} size={17} bold>{title}</Words>
      <g transform={`translate(0 ${HEAD})`}>{children}</g>
      <line
        x1={EDGE}
        x2={width - EDGE}
        y1={whole - FOOT + 8}
        y2={whole - FOOT + 8}
        stroke="var(--rule)"
      />
      <Words x={EDGE} y={whole - 14} width={width - 2 * EDGE} size={12.5} soft>{footer}</Words>
    </svg>,
  );
  return { width, height: whole, svg };
}

/** The mean width of a character, in font sizes: a little too wide, as fonts differ. */
const CHARACTER = 0.53;

/** One line of text, cut where it would be wider than `width`. */
export function Words(
  { x, y, width, size, bold, soft, end, children }: {
    x: number;
    y: number;
    width: number;
    size: number;
    bold?: boolean;
    soft?: boolean;
    /** Ends at x. */
    end?: boolean;
    children: string;
  },
) {
  return (
    <text
      x={x}
      y={y}
      font-size={size}
      font-weight={bold ? "700" : undefined}
      fill={soft ? "var(--soft)" : undefined}
      text-anchor={end ? "end" : undefined}
    >
      {cut(drawable(children), Math.max(1, Math.floor(width / (size * CHARACTER))))}
    </text>
  );
}

/** The picture as a file: in its colours, and as wide as asked. */
export function fileOf({ svg, width, height }: Picture, theme: Theme, asked: number | null): string {
  const shown = asked ?? width;
  const size = ` width="${shown}" height="${Math.round(shown * height / width)}"`;
  const sized = svg.replace("<svg", () => `<svg${size}`);
  if (theme === "dark") return withColours(sized, DARK);
  const light = withColours(sized, LIGHT);
  if (theme === "light") return light;
  const [end] = /<\/desc>/.exec(light)!;
  return light.replace(end, () => `${end}<style>${DARK_WHERE_PREFERRED}</style>`);
}
