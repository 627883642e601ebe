/**
 * The colours by name: for style sheets, and for pictures that stand alone, as an SVG file takes none along.
 * @module
 */

/** On white paper; candidates' colours are told apart with the common kinds of colour blindness. */
export const LIGHT: Readonly<Record<string, string>> = {
  "--paper": "#fbfaf6",
  "--ink": "#1b1b19",
  "--soft": "#5b5953",
  "--rule": "#d9d4c8",
  "--track": "#eeebe2",
  "--accent": "#1d4e6b",
  "--bar": "#82929a",
  "--candidate-1": "#17408f",
  "--candidate-2": "#bd5310",
  "--candidate-3": "#098586",
  "--candidate-4": "#c957bd",
  "--candidate-5": "#6f4200",
  "--candidate-6": "#338ee9",
  "--candidate-7": "#6c2735",
  "--candidate-8": "#6b524f",
  "--flag": "#8c3a10",
  "--on-flag": "#ffffff",
};

/** The same on dark paper. */
export const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  "--paper": "#15171a",
  "--ink": "#ebe9e2",
  "--soft": "#a9a69d",
  "--rule": "#383a3d",
  "--track": "#222529",
  "--accent": "#8cc0de",
  "--bar": "#717f87",
  "--candidate-1": "#78adf5",
  "--candidate-2": "#d9783f",
  "--candidate-3": "#58e0b8",
  "--candidate-4": "#b07bb0",
  "--candidate-5": "#e8bd3a",
  "--candidate-6": "#9cd0ff",
  "--candidate-7": "#f5976b",
  "--candidate-8": "#bf93ae",
  "--flag": "#f0b48a",
  "--on-flag": "#1b1b19",
};

/** An opening tag; a value in it may hold what looks like its end. */
const TAG = /<[^>"]*(?:"[^"]*"[^>"]*)*>/g;
const PAINT = / (fill|stroke)="(?:var\((--[\w-]+)\)|currentColor)"/g;

/** A picture whose fills and strokes name colours of the theme, with the colours themselves; no text is touched. */
export function withColours(svg: string, theme = LIGHT): string {
  const paint = (attribute: string, kind: string, name = "--ink") =>
    Object.hasOwn(theme, name) ? ` ${kind}="${theme[name]}"` : attribute;
  return svg.replaceAll(TAG, (tag) => tag.replaceAll(PAINT, paint));
}

/**
 * A style sheet that makes a picture with the light colours dark where its reader prefers that; what knows no
 * style sheets shows it light.
 */
export const DARK_WHERE_PREFERRED = `@media (prefers-color-scheme:dark){${
  Object.entries(LIGHT).map(([name, light]) =>
    `[fill="${light}"]{fill:${DARK[name]}}[stroke="${light}"]{stroke:${DARK[name]}}`
  ).join("")
}}`;
