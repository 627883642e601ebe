/**
 * The colours of style.css by name, for pictures that stand alone: an SVG file takes no style sheet along.
 * A test holds the two to each other.
 * @module
 */

/** Each custom property that charts use, on white paper. */
export const LIGHT: Readonly<Record<string, string>> = {
  "--paper": "#fbfaf6",
  "--ink": "#1b1b19",
  "--soft": "#5b5953",
  "--rule": "#d9d4c8",
  "--track": "#eeebe2",
  "--accent": "#1d4e6b",
  "--candidate-1": "#17408f",
  "--candidate-2": "#bd5310",
  "--candidate-3": "#098586",
  "--candidate-4": "#c957bd",
  "--candidate-5": "#6f4200",
  "--candidate-6": "#338ee9",
  "--candidate-7": "#6c2735",
  "--candidate-8": "#6b524f",
};

/** A picture that names colours of the theme, with the colours themselves. */
export function withColours(svg: string): string {
  return svg.replaceAll(/var\((--[\w-]+)\)/g, (reference, name) => LIGHT[name] ?? reference)
    .replaceAll("currentColor", LIGHT["--ink"]);
}
