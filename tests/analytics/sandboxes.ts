/**
 * Sandboxes over a small election's snapshots, and questions to them.
 * @module
 */
import assert from "node:assert/strict";
import type { Generation } from "../../analytics/kept_generations.ts";
import type { Answer, Question, Refusal } from "../../analytics/query.ts";
import { openSandbox, type Sandbox } from "../../analytics/sandbox.ts";
import type { Snapshots } from "../../analytics/snapshots.ts";
import type { CellChange } from "../../pipeline/snapshot.ts";
import { captureOf, cellOf, Folder, START } from "./captures.ts";

/** A sandbox, and what it is asked about. */
export interface Asked extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly snapshots: Snapshots;
  readonly folder: Folder;
  readonly notices: string[];
  newest(): Generation;
  /** Asks the newest generation, or another. */
  ask(
    sql: string,
    rest?: Partial<Question>,
    signal?: AbortSignal,
    generation?: Generation,
  ): Promise<Answer | Refusal>;
  /** The rows of a question that must be answered, as arrays. */
  rows(sql: string, rest?: Partial<Question>, generation?: Generation): Promise<unknown[][]>;
}

/** What is asked where nothing else is said. */
export const QUESTION: Question = { sql: "", parameters: {}, limit: 10_000, shape: "arrays", format: "json" };

/** Cells of a small election: three candidates, two states, windows of ten seconds. */
export function someCells(windows = 30): CellChange[] {
  return Array.from(
    { length: windows },
    (_, window) =>
      ["a1", "b2"].flatMap((candidateId, c) =>
        ["Kent", "Devon"].map((state, s) =>
          cellOf(START + window * 10_000, {
            candidateId,
            state,
            votes: 1 + (window * 7 + c * 5 + s * 3) % 11,
            late: window % 5 === 4 ? 1 : 0,
          })
        )
      ),
  ).flat();
}

/** Opens a sandbox on a generation of these cells. */
export async function openAsked(
  { cells = someCells(), queryMs = undefined as number | undefined } = {},
): Promise<Asked> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(new Folder());
  const snapshots = stack.use(await folder.open());
  await snapshots.save(captureOf(1, START, { cells }));
  const notices: string[] = [];
  const sandbox = stack.use(
    await openSandbox({
      folder: `${folder.dir}/public`,
      snapshots,
      queryMs,
      onNotice: (message) => notices.push(message),
    }),
  );
  const newest = () => snapshots.newest()!;
  let asked = 0;
  const ask: Asked["ask"] = (
    sql,
    rest = {},
    signal = new AbortController().signal,
    generation = newest(),
  ) => sandbox.ask(generation, { ...QUESTION, sql, ...rest }, { id: `q${++asked}`, signal });
  return {
    sandbox,
    snapshots,
    folder,
    notices,
    newest,
    ask,
    async rows(sql, rest, generation) {
      const answer = await ask(sql, rest, undefined, generation);
      assert.ok("body" in answer, `${sql}: ${JSON.stringify(answer)}`);
      return JSON.parse(new TextDecoder().decode(answer.body)).rows;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
