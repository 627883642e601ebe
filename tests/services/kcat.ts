/**
 * kcat, the producer and consumer that others use: what it writes Teller must read, and the other way round.
 * @module
 */

/** Runs kcat with its input and gives the lines of its standard output; throws what it complains of. */
export async function kcat(args: readonly string[], input: string | Uint8Array = ""): Promise<string[]> {
  const child = new Deno.Command("kcat", {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const [{ success, stdout, stderr }] = await Promise.all([
    child.output(),
    new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeTo(child.stdin),
  ]);
  const said = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`kcat ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return said === "" ? [] : said.replace(/\n$/, "").split("\n");
}
