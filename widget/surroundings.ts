/**
 * What the page around a widget is like: whether its text is light, for `theme="auto"`, and its language.
 * @module
 */
/// <reference lib="dom" />

/** Whether text is light there, so that colours for dark paper are needed; by the text, as paper can be a picture. */
export function isDark(element: Element): boolean {
  const { color } = getComputedStyle(element);
  const numbers = (color.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
  // The forms in which browsers give colours: lightness first, or red, green and blue.
  if (/^(ok)?l(ab|ch)\(/.test(color)) return numbers[0] > (color.startsWith("ok") ? 0.6 : 55);
  const [red, green, blue] = numbers;
  const full = color.startsWith("rgb") ? 255 : 1;
  return (0.21 * red + 0.72 * green + 0.07 * blue) / full > 0.55;
}

/** The language of what the element stands in, as it says it. */
export function languageAround(element: Element): string | null {
  return element.closest("[lang]")?.getAttribute("lang") ?? null;
}
