/**
 * What two consumers of oEmbed do with an answer, by their documentation and published rules: WordPress
 * (developer.wordpress.org/reference: WP_oEmbed::discover, ::fetch, ::data2html, wp_filter_oembed_result,
 * wp_maybe_enqueue_oembed_host_js) and Ghost (its oEmbed service, and the bookmark card it falls back to).
 * @module
 */
import { DOMParser, parseHTML } from "linkedom";

/** An answer as it comes out of JSON. */
export type Oembed = Record<string, unknown>;

/** The address that WordPress asks, from a page's HTML; null where it finds none. */
export function discoveredByWordPress(html: string): string | null {
  // 150 KB are read, and of these only the head.
  const head = html.slice(0, 153_600).split(/<\/head>/i)[0];
  for (const [, attributes] of head.matchAll(/<link([^<>]+)\/?>/gi)) {
    const { document } = parseHTML(`<html><body><p ${attributes.replace(/\/$/, "")}></p></body></html>`);
    const link = document.querySelector("p")!;
    if (link.getAttribute("type") === "application/json+oembed") return link.getAttribute("href");
  }
  return null;
}

/** That address with what WordPress adds for a column of that width. */
export function askedByWordPress(endpoint: string, url: string, width: number): string {
  const asked = new URL(endpoint);
  asked.searchParams.set("maxwidth", String(width));
  asked.searchParams.set("maxheight", String(Math.min(Math.ceil(width * 1.5), 1_000)));
  asked.searchParams.set("url", url);
  asked.searchParams.set("dnt", "1");
  asked.searchParams.set("format", "json");
  return asked.href;
}

const ALLOWED: Record<string, readonly string[]> = {
  a: ["href"],
  blockquote: [],
  iframe: ["src", "width", "height", "frameborder", "marginwidth", "marginheight", "scrolling", "title"],
};

/** What WordPress puts into a post for a provider that it does not know; null where it refuses the answer. */
export function embeddedByWordPress(answer: Oembed, secret: string): string | null {
  if (answer.type !== "rich" || typeof answer.html !== "string" || answer.html === "") return null;
  const filtered = filteredAsKses(answer.html);
  const [, quotation, frame] = /(<blockquote>.*?<\/blockquote>)?.*(<iframe.*?><\/iframe>)/ms.exec(filtered) ??
    [];
  if (frame === undefined) return null;
  let html = (quotation ?? "") + frame;
  const source = / src=(['"])(.*?)\1/.exec(html);
  if (source !== null) {
    const [whole, q, url] = source;
    html = html.replace(whole, () => ` src=${q}${url}#?secret=${secret}${q} data-secret=${q}${secret}${q}`)
      .replace("<blockquote", `<blockquote data-secret="${secret}"`);
  }
  if (quotation !== undefined) {
    html = html.replace("<iframe", '<iframe style="position: absolute; visibility: hidden;"')
      .replace("<blockquote", '<blockquote class="wp-embedded-content"');
  }
  return html.replace(
    "<iframe",
    '<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted"',
  );
}

/** Whether WordPress loads the script that gives frames their height. */
export function isSizedByWordPress(html: string): boolean {
  return /<blockquote\s[^>]*?wp-embedded-content/.test(html);
}

/** Only the elements and attributes that are let through; the text of others stays. */
function filteredAsKses(html: string): string {
  return html.replace(
    /<(\/?)([a-z]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/gi,
    (_, slash, name, attributes) => {
      const allowed = ALLOWED[name.toLowerCase()];
      if (allowed === undefined) return "";
      if (slash) return `</${name}>`;
      const kept = [...attributes.matchAll(/\s+([\w-]+)(="[^"]*")?/g)].filter(([, one]) =>
        allowed.includes(one)
      );
      return `<${name}${kept.map(([whole]) => whole).join("")}>`;
    },
  );
}

/** Whether Ghost takes an answer as an embed; where it does not trust the provider, it makes a bookmark instead. */
export function isEmbeddedByGhost(answer: Oembed): boolean {
  if (!answer.type || !answer.version) return false;
  if (!["photo", "video", "link", "rich"].includes(String(answer.type))) return false;
  return answer.type === "rich" && Boolean(answer.html) && Boolean(answer.width);
}

/** The bookmark that Ghost makes of a page; it refuses one without a title. */
export function bookmarkedByGhost(html: string) {
  const { document } = parseHTML(html);
  const meta = (name: string) =>
    document.querySelector(`meta[property="${name}"], meta[name="${name}"]`)?.getAttribute("content") ?? null;
  return {
    title: meta("og:title"),
    description: meta("og:description"),
    publisher: meta("og:site_name"),
    thumbnail: meta("og:image"),
    icon: document.querySelector('link[rel="icon"]')?.getAttribute("href") ?? null,
    url: meta("og:url"),
  };
}

/** An answer in XML as the values that its elements have. */
export function readXml(xml: string): Oembed {
  const { documentElement: root } = new DOMParser().parseFromString(xml, "text/xml");
  if (root.tagName !== "oembed") throw new Error(`The root is ${root.tagName}`);
  return Object.fromEntries([...root.children].map((child) => [child.tagName, child.textContent]));
}
