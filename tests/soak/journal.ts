/**
 * The journal: every attempt to vote before it is made, and every answer once it has come, on the disk.
 *
 * What Teller is held to at the end is read from here and nowhere else.
 * @module
 */

/** A voter wants to vote for somebody: from now on that vote may stand. */
export interface Attempt {
  readonly voter: string;
  readonly candidate: string;
}

/** Teller said that her vote stands (202, 409), and where. */
export interface Answer {
  readonly voter: string;
  readonly status: number;
  readonly partition: number;
  readonly offset: number;
}

/** What a journal holds, in the order written. */
export interface Entries {
  readonly attempts: Attempt[];
  readonly answers: Answer[];
}

/** A journal being written; each call resolves when its line is on the disk. */
export interface Journal extends AsyncDisposable {
  attempt(attempt: Attempt): Promise<void>;
  answer(answer: Answer): Promise<void>;
}

/** Opens a new journal. Lines that come while the disk is busy share the next write to it. */
export function openJournal(path: string): Journal {
  const file = Deno.openSync(path, { createNew: true, append: true });
  const encoder = new TextEncoder();
  let lines: string[] = [];
  let written: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;

  async function flush(): Promise<void> {
    next = null;
    let rest = encoder.encode(lines.join(""));
    lines = [];
    while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    await file.syncData();
  }
  function write(entry: Attempt | Answer): Promise<void> {
    lines.push(`${JSON.stringify(entry)}\n`);
    return next ??= written = written.then(flush);
  }
  return {
    attempt: write,
    answer: write,
    async [Symbol.asyncDispose]() {
      await written;
      file.close();
    },
  };
}

/** Reads a journal back. */
export async function readJournal(path: string): Promise<Entries> {
  const entries: Entries = { attempts: [], answers: [] };
  for (const line of (await Deno.readTextFile(path)).split("\n")) {
    if (line === "") continue;
    const entry = JSON.parse(line);
    if ("status" in entry) entries.answers.push(entry);
    else entries.attempts.push(entry);
  }
  return entries;
}
