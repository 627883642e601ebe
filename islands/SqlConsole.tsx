/**
 * The island that makes the SQL console live: the editor, answers without leaving the page, charts, downloads.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useRef, useState } from "preact/hooks";
import { SqlChart } from "./sql_chart_view.tsx";
import { type SqlConsoleProps, SqlConsoleView } from "./sql_console_view.tsx";
import { openSqlEditor, type SqlEditor } from "./sql_editor.ts";
import {
  answerAddress,
  type Download,
  namedOf,
  permalink,
  ROWS_SHOWN,
  type SqlAnswer,
  type SqlQuestion,
} from "./sql_question.ts";
import { summary } from "./sql_result_view.tsx";

/** The console, live from what the server rendered. */
export function SqlConsole({ initial }: { initial: SqlConsoleProps }) {
  const { from, access, tables } = initial;
  const [question, setQuestion] = useState(initial.question);
  const [answer, setAnswer] = useState(initial.answer);
  const [running, setRunning] = useState<AbortController | null>(null);
  const [said, setSaid] = useState("");
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<SqlEditor | null>(null);
  // What the editor calls is set once, and has to see the newest.
  const newest = useRef({ question, run: () => {} });
  newest.current = { question, run };

  useEffect(() => {
    editor.current = openSqlEditor({
      host: host.current!,
      label: "Query",
      text: question.query,
      tables,
      onChange: (query) => setQuestion((before) => ({ ...before, query })),
      onRun: () => newest.current.run(),
    });
    return () => editor.current?.close();
  }, []);

  async function ask(
    format: Download,
    more: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response> {
    const isNamed = namedOf(question, from) !== null;
    const token = document.querySelector<HTMLInputElement>("#sql-token")?.value.trim();
    // A question of one's own goes in the body: it may be longer than an address.
    return await fetch(answerAddress(question, from, format, more, false), {
      signal,
      ...!isNamed && {
        method: "POST",
        body: question.query,
        headers: { "Content-Type": "application/sql", ...token && { Authorization: `Bearer ${token}` } },
      },
    });
  }

  async function run(): Promise<void> {
    running?.abort();
    const controller = new AbortController();
    setRunning(controller);
    setSaid("Running.");
    const found = await answerOf(() =>
      ask("json", { shape: "arrays", limit: String(ROWS_SHOWN) }, controller.signal)
    );
    if (controller.signal.aborted) return;
    setRunning(null);
    setAnswer(found);
    setSaid("rows" in found ? summary(found.rows) : "");
    globalThis.history.replaceState(null, "", permalink(question, from));
  }

  function cancel(): void {
    running?.abort();
    setRunning(null);
    setSaid("");
    setAnswer({ problem: "Cancelled." });
  }

  async function download(format: Download): Promise<void> {
    const response = await ask(format, {});
    if (!response.ok) return setAnswer({ problem: await problemOf(response) });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = `answer.${format}`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  return (
    <>
      <SqlConsoleView
        {...initial}
        question={question}
        answer={answer}
        life={{
          onChange: (change: Partial<SqlQuestion>) => setQuestion((before) => ({ ...before, ...change })),
          onRun: run,
          onCancel: running && cancel,
          editor: <div ref={host} class="sql-editor" />,
          chart: answer !== null && "rows" in answer && <SqlChart rows={answer.rows} />,
          onDownload: access === "token" ? download : null,
        }}
      />
      <p class="unseen" aria-live="polite">{said}</p>
    </>
  );
}

async function answerOf(ask: () => Promise<Response>): Promise<SqlAnswer> {
  try {
    const response = await ask();
    return response.ok ? { rows: await response.json() } : { problem: await problemOf(response) };
  } catch (error) {
    // Nothing but the network and a broken answer throw here.
    return { problem: `No answer came: ${error instanceof Error ? error.message : error}.` };
  }
}

async function problemOf(response: Response): Promise<string> {
  const text = await response.text();
  if (!/json/.test(response.headers.get("Content-Type") ?? "")) {
    return `The server answered ${response.status}.`;
  }
  return JSON.parse(text).detail;
}
