/**
 * The editor of the SQL console: CodeMirror, with the tables and columns that can be asked.
 *
 * It stands in a shadow tree: there its styles are constructed style sheets, which the page's strict policy allows,
 * and in the document they would be style elements, which it doesn't.
 * @module
 */
/// <reference lib="dom" />
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, sql, SQLDialect } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
  tooltips,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { SqlTable } from "./sql_question.ts";

/** The editor as the console uses it. */
export interface SqlEditor {
  /** Puts another text in. */
  set(text: string): void;
  focus(): void;
  close(): void;
}

/** What the editor works with. */
export interface SqlEditorOptions {
  readonly host: HTMLElement;
  readonly label: string;
  readonly text: string;
  readonly tables: readonly SqlTable[];
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** What DuckDB has beyond PostgreSQL. */
const DUCKDB_KEYWORDS = "qualify exclude pivot unpivot summarize describe asof positional anti semi";
const DUCKDB_FUNCTIONS =
  "arg_max arg_min date_trunc epoch_ms list_sort make_timestamp median round time_bucket unnest";

/** The dialect; names of tables and columns are none of its keywords, though the standard has some of them. */
function dialectFor(tables: readonly SqlTable[]): SQLDialect {
  const names = new Set(tables.flatMap(({ name, columns }) => [name, ...columns.map(({ name }) => name)]));
  const without = (words = "") => words.split(" ").filter((word) => !names.has(word)).join(" ");
  return SQLDialect.define({
    ...PostgreSQL.spec,
    keywords: without(`${PostgreSQL.spec.keywords} ${DUCKDB_KEYWORDS}`),
    builtin: without(`${PostgreSQL.spec.builtin ?? ""} ${DUCKDB_FUNCTIONS}`),
  });
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--flag-text)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--accent)" },
]);

const look = EditorView.theme({
  "&": {
    backgroundColor: "var(--paper)",
    color: "var(--ink)",
    border: "1px solid var(--edge)",
    fontSize: "0.9375rem",
  },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "12rem", maxHeight: "28rem" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": {
    backgroundColor: "var(--track)",
    color: "var(--soft)",
    borderRight: "1px solid var(--rule)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--rule)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--rule)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--edge)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14rem" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent)",
    color: "var(--paper)",
  },
  ".cm-completionInfo": { fontFamily: "var(--sans)", fontSize: "0.875rem", maxWidth: "18rem" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
});

/** Puts an editor into an element. */
export function openSqlEditor({ host, label, text, tables, onChange, onRun }: SqlEditorOptions): SqlEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const run = () => {
    onRun();
    return true;
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        // First: Mod-Enter would make a new line.
        keymap.of([{ key: "Mod-Enter", run }, { key: "Ctrl-Enter", run }]),
        lineNumbers(),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        highlightActiveLine(),
        tooltips({ position: "absolute" }),
        EditorView.lineWrapping,
        // Tab leaves the field, as everywhere on the page.
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        sql({ dialect: dialectFor(tables), schema: schemaOf(tables), upperCaseKeywords: true }),
        syntaxHighlighting(colours),
        look,
        EditorView.contentAttributes.of({
          "aria-label": label,
          tabindex: "0",
          spellcheck: "false",
          autocapitalize: "off",
        }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) onChange(state.doc.toString());
        }),
      ],
    }),
  });
  return {
    set(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
  };
}

/** Tables and columns with their sentences, as the completion shows them. */
function schemaOf(tables: readonly SqlTable[]) {
  return Object.fromEntries(tables.map(({ name, description, columns }) => [name, {
    self: { label: name, type: "class", info: description },
    children: columns.map(({ name, type, description }) => ({
      label: name,
      type: "property",
      detail: type,
      info: description,
    })),
  }]));
}
