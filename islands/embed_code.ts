/**
 * The code that an editor pastes into another site, in each of its forms.
 * @module
 */
import { type EmbedOptions, framePath, parametersOf, picturePath } from "./embed_options.ts";
import { escaped } from "./format.ts";

/** What the code names beside the choices. */
export interface EmbedPlace {
  /** Where readers reach this instance, without a slash at its end. */
  readonly baseUrl: string;
  /** The newest release of the element, and its hash for the script's `integrity`. */
  readonly release: { readonly version: string; readonly integrity: string };
  /** The sentence of the moment, for where the rest can't be shown. */
  readonly summary: string;
}

/** One form of it. */
export interface EmbedCode {
  readonly name: string;
  /** When to take it. */
  readonly note: string;
  readonly code: string;
}

/** The element's attributes, as in `attributesOf` of what the choices are. */
export function attributesOf(options: EmbedOptions): Record<string, string> {
  const { as_of, ...rest } = parametersOf(options);
  return { view: options.view, ...rest, ...as_of !== undefined && { "as-of": as_of } };
}

/** Every form, the best one first. */
export function codesOf(options: EmbedOptions, { baseUrl, release, summary }: EmbedPlace): EmbedCode[] {
  const attributes = Object.entries(attributesOf(options))
    .map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
  const frame = escaped(baseUrl + framePath(options));
  const source = escaped(baseUrl + picturePath(options, "svg", 600));
  const picture = `<a href="${baseUrl}/"><img src="${source}" width="600" alt="${escaped(summary)}"></a>`;
  // The picture is right where the script is blocked, and on the day after.
  const element = `<teller-results${attributes}>${picture}</teller-results>`;
  return [
    {
      name: "Script",
      note: "Looks as if it were the page's own, and is mended by itself.",
      code: `<script type="module" src="${baseUrl}/widget/v1.js"></script>\n${element}`,
    },
    {
      name: "Script that never changes",
      note: `Release ${release.version}: the browser runs nothing else under this hash.`,
      code: `<script type="module" src="${baseUrl}/widget/${release.version}.js" ` +
        `integrity="${release.integrity}" crossorigin="anonymous"></script>\n${element}`,
    },
    {
      name: "Frame",
      note: "For pages that take no scripts of others.",
      code: `<iframe src="${frame}" width="600" height="420" title="${escaped(summary)}" ` +
        `sandbox="allow-scripts" loading="lazy" style="border: 0; max-width: 100%"></iframe>`,
    },
    {
      name: "Link",
      note: "Paste it on a line of its own in WordPress, Ghost and whatever else knows oEmbed.",
      code: baseUrl + framePath(options),
    },
    {
      name: "Picture",
      note: "For mail, and where nothing else is let in.",
      code: picture,
    },
  ];
}
