/**
 * Processes of a benchmark or test, so that what is measured, what loads it and what limits it share no thread and no
 * heap: each is given an order, and both sides speak in lines of JSON.
 * @module
 */
import { fileURLToPath } from "node:url";

/** A running process; disposing it ends its input and waits for its end. */
export interface Child extends AsyncDisposable {
  /** What it says next. */
  heard<T>(): Promise<T>;
  /** Tells it something, and gives what it answers. */
  ask<T>(question: unknown): Promise<T>;
}

const encoder = new TextEncoder();

/** Starts a script by its URL; `v8Flags` without their dashes. */
export function startChild(url: string, order: unknown, ...v8Flags: string[]): Child {
  const script = fileURLToPath(url);
  const flags = v8Flags.length > 0 ? [`--v8-flags=${v8Flags.map((flag) => `--${flag}`).join(",")}`] : [];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", ...flags, script, JSON.stringify(order)],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = linesOf(child.stdout);
  const input = child.stdin.getWriter();
  async function heard<T>(): Promise<T> {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} has ended`);
    return JSON.parse(value);
  }
  return {
    heard,
    async ask(question) {
      await input.write(encoder.encode(`${JSON.stringify(question)}\n`));
      return await heard();
    },
    async [Symbol.asyncDispose]() {
      await input.close();
      if (!(await child.status).success) throw new Error(`${script} failed`);
    },
  };
}

/** In a child: what it was ordered to do. */
export function orderOf<Order>(): Order {
  return JSON.parse(Deno.args[0]);
}

/** In a child: says something. */
export function say(what: unknown): void {
  Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(what)}\n`));
}

/** In a child: what it is asked, until it is to end. */
export async function* questions<Question>(): AsyncGenerator<Question, void> {
  for await (const line of linesOf(Deno.stdin.readable)) yield JSON.parse(line);
}

/** The lines of a stream of text. */
export async function* linesOf(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of bytes.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
