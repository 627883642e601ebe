/**
 * What the page around a widget is like: whether its text is light, for `theme="auto"`, and its language.
 * @module
 */
/// <reference lib="dom" />

/** Whether text is light there, so that colours for dark paper are needed; by the text, as paper can be a picture. */
export function isDark(element: Element): boolean {
  return isLight(getComputedStyle(element).color);
}

/** Whether a colour, in any form in which browsers give one, is nearer to white than to black. */
export function isLight(colour: string): boolean {
  // Names hold digits, too: `color(display-p3 0 0 0)`.
  const values = colour.replace(/^(color\()?[\w-]+/, "");
  const numbers = (values.match(/none|-?[\d.]+(e-?\d+)?/g) ?? []).map((value) => Number(value) || 0);
  if (/^(ok)?l(ab|ch)\(/.test(colour)) return numbers[0] > (colour.startsWith("ok") ? 0.6 : 55);
  // Red, green and blue, or x, y and z, which are about as light as these.
  const [red, green, blue] = numbers;
  const light = 0.21 * red + 0.72 * green + 0.07 * blue;
  if (colour.startsWith("rgb")) return light > 0.55 * 255;
  // Amounts of light: a quarter of the most looks half as light.
  return light > (/^color\((xyz|srgb-linear)/.test(colour) ? 0.26 : 0.55);
}

/** The language of what the element stands in, as it says it. */
export function languageAround(element: Element): string | null {
  return element.closest("[lang]")?.getAttribute("lang") ?? null;
}
