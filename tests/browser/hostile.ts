/**
 * Texts that have broken pages before, as names, parties and biographies.
 * @module
 */
import { CANDIDATES } from "../routes/sample.ts";

/** Script, markup, formulas, templates: each would say so if it were ever more than text. */
const CODE = [
  "<script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  "</title></style></textarea><script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
  "<iframe srcdoc='<script>parent.alert(1)</script>'>",
  "<style>*{display:none}</style>",
  "<body style=display:none onload=alert(1)>",
  '<a href="javascript:alert(1)">a</a>',
  "javascript:alert(1)",
  "<!--",
  "-->",
  "]]>",
  "<![CDATA[<b>]]>",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
  "<base href=https://example.invalid/>",
  "<meta http-equiv=refresh content=0;url=https://example.invalid/>",
  "<template shadowrootmode=open><script>alert(1)</script></template>",
  "<plaintext>",
  "&lt;b&gt;&amp;amp;&#60;i&#62;",
  "&#x202e;abc",
  "{{constructor.constructor('alert(1)')()}}",
  "${alert(1)}",
  "%3Cscript%3Ealert(1)%3C/script%3E",
  '=HYPERLINK("https://example.invalid")',
  "=1+1+cmd|' /C calc'!A0",
  "+1+1",
  "-1+1",
  "@SUM(1)",
  "\t=1+1",
  "'; DROP TABLE votes; --",
  "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "undefined",
  "NaN",
  "[object Object]",
];

/** What turns, stacks, joins, hides or stretches text. */
const SHAPES = [
  "\u202eterces a si siht",
  "\u2066isolated\u2069\u2069\u2069\u202eout again",
  "\u202d\u202e\u202b\u202a nested",
  "\u200f\u200e marks \u061c",
  "שלום עולם",
  "مرحبا بالعالم",
  "English שלום English 123",
  "Z̸̢̧͈͓̺̻̩̑͂͋̎a̴̛̭̯̅͝l̶̨̦̙̈́̈g̷̡̠̣̋̽ó̵̬̓̀",
  "\u0301".repeat(60),
  "👩‍👩‍👧‍👦👩🏽‍🚀🏴󠁧󠁢󠁷󠁬󠁳󠁿🇬🇧",
  "👍".repeat(100),
  "日本国民民主党代表候補者名簿",
  "ﷺﷺﷺﷺ﷽﷽﷽",
  "𒐫𒐫𒐫𒈙𒈙",
  "W".repeat(200),
  "i".repeat(200),
  "-".repeat(200),
  "/".repeat(200),
  "\u00a0".repeat(50) + "x",
  "a\nb\r\nc\td",
  "\u0000\u0001\u001b[31m",
  "\u2028\u2029",
  "zero\u200bwidth\u200cjoin\u200ders\ufeff",
  "soft\u00adhy\u00adphens",
  ".",
  "..",
  "a/../../b",
  "#?&=%",
  "ǅ ß İ ı ſ K",
  "long words only ".repeat(12),
];

/** 200 of them: each alone, and pairs that close what the other opened. */
export const HOSTILE: readonly string[] = Array.from({ length: 200 }, (_, i) => {
  const all = [...CODE, ...SHAPES];
  if (i < all.length) return all[i];
  return `${all[i % all.length]} ${all[(i * 7 + 3) % all.length]}`.slice(0, 200).toWellFormed();
});

/** A candidate of each, with its party: ids are as hostile as an address can take. */
export const HOSTILE_CANDIDATES = HOSTILE.map((text, i) => ({
  ...CANDIDATES[0],
  candidate_id: `c${i}`,
  candidate_name: text,
  party_affiliation: HOSTILE[(i + 41) % HOSTILE.length],
  biography: `${HOSTILE[(i + 83) % HOSTILE.length]}\n${text.repeat(15)}`,
  campaign_platform: HOSTILE[(i + 121) % HOSTILE.length],
  photo_url: text,
}));
