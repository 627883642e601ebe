/**
 * Hostile SQL asked over HTTP, one question after another.
 * @module
 */
import { createHash } from "node:crypto";

/** What was answered. */
export interface HttpAnswer {
  readonly status: number;
  /** Of a refusal; null of an answer. */
  readonly code: string | null;
  /** JSON. */
  readonly text: string;
}

/** What an address may hold; what is longer goes in a body. */
const ADDRESS_CHARACTERS = 4_000;
/** Come again: nothing was asked yet. */
const PUT_OFF = ["sql_busy", "sql_unavailable"];

/** Asks until the question isn't put off. */
export async function askOverHttp(url: string, sql: string): Promise<HttpAnswer> {
  const address = `${url}/api/v1/sql.json`;
  const query = String(new URLSearchParams({ query: sql }));
  for (;;) {
    const response = query.length <= ADDRESS_CHARACTERS
      ? await fetch(`${address}?${query}`)
      : await fetch(address, { method: "POST", body: sql, headers: { "Content-Type": "application/sql" } });
    const text = await response.text();
    const code = response.ok ? null : String(JSON.parse(text).code);
    if (code === null || !PUT_OFF.includes(code)) return { status: response.status, code, text };
    await new Promise((resolve) => setTimeout(resolve, 50)); // Retry-After says a second, to strangers
  }
}

/** The files of a snapshot folder's public part that aren't what their names say. */
export function changedFiles(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => {
    const hash = createHash("sha256").update(Deno.readFileSync(`${folder}/${name}`)).digest("hex");
    return name.split(".")[0] !== hash;
  });
}
