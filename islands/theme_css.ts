/**
 * The colours of `theme.ts` as a style sheet, which the build puts where pages and frames say
 * `@import "theme:colours"`.
 * @module
 */
import { DARK, LIGHT } from "./theme.ts";

const declared = (colours: Readonly<Record<string, string>>) =>
  Object.entries(colours).map(([name, colour]) => `${name}: ${colour};`).join("\n");

/** As the reader's system has them, or always the same where the document says so; on paper they are light. */
export const THEME_CSS = `
:root { color-scheme: light dark; }
:root, :root[data-theme="light"] { ${declared(LIGHT)} }
:root[data-theme="light"] { color-scheme: light; }
@media screen {
  :root[data-theme="dark"] { color-scheme: dark; ${declared(DARK)} }
}
@media screen and (prefers-color-scheme: dark) {
  :root { ${declared(DARK)} }
}
`;
