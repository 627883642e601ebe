/**
 * What a page says of itself to those who show a link to it: Open Graph and Twitter cards with a picture of the
 * present state, and where oEmbed consumers ask.
 * @module
 */
import { DEFAULTS, type EmbedOptions, picturePath } from "../islands/embed_options.ts";
import { plain } from "../islands/format.ts";
import type { Assets } from "./assets.ts";

/** The proportion that previews of links show whole: 1,200 × 630. */
const HEIGHT_PER_WIDTH = 630 / 1_200;
const WIDEST = 1_200;

/** What a picture is of, where it is not of the newest state of all. */
export type Scope = Pick<EmbedOptions, "region" | "asOf">;

/** A picture of the state, at most so wide. */
export function cardOf(
  assets: Assets,
  { region, asOf }: Scope = DEFAULTS,
  maxWidth = WIDEST,
): { url: string; width: number; height: number } {
  const width = Math.floor(Math.min(WIDEST, Math.max(480, maxWidth)));
  return {
    url: assets.address(
      picturePath({ ...DEFAULTS, view: "card", region, asOf, theme: "light" }, "png", width),
    ),
    width,
    height: Math.round(width * HEIGHT_PER_WIDTH),
  };
}

/** What previews are made of. */
export interface PreviewProps {
  readonly assets: Assets;
  /** The page's path and query, by which others ask for it; null where there is nothing to ask for. */
  readonly path: string | null;
  readonly title: string;
  /** The election's title. */
  readonly site: string;
  /** The result in a sentence: what the page is about, and what its picture shows. */
  readonly summary: string;
  readonly scope?: Scope;
}

/** The elements for a page's head. */
export function Preview({ assets, path, title, site, summary, scope }: PreviewProps) {
  const { url: image, width, height } = cardOf(assets, scope);
  return (
    <>
      {path !== null && <Addresses assets={assets} url={assets.address(path)} />}
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={plain(site)} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={summary} />
      <meta property="og:image" content={image} />
      <meta property="og:image:type" content="image/png" />
      <meta property="og:image:width" content={String(width)} />
      <meta property="og:image:height" content={String(height)} />
      <meta property="og:image:alt" content={summary} />
      <meta name="twitter:card" content="summary_large_image" />
      <meta name="twitter:title" content={title} />
      <meta name="twitter:description" content={summary} />
      <meta name="twitter:image" content={image} />
      <meta name="twitter:image:alt" content={summary} />
    </>
  );
}

function Addresses({ assets, url }: { assets: Assets; url: string }) {
  const oembed = (format: string) => `${assets.address("/oembed")}?${new URLSearchParams({ url, format })}`;
  return (
    <>
      <link rel="alternate" type="application/json+oembed" href={oembed("json")} />
      <link rel="alternate" type="text/xml+oembed" href={oembed("xml")} />
      <meta property="og:url" content={url} />
    </>
  );
}
