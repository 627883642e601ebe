/**
 * The SQL page's entry in the browser: renders the live console in the place of the server's plain one.
 * @module
 */
/// <reference lib="dom" />
import { h, render } from "preact";
import { SqlConsole } from "./SqlConsole.tsx";

const data = JSON.parse(document.getElementById("sql-data")!.textContent!);
// Rendered and not hydrated: the live console has parts that the plain form hasn't.
render(h(SqlConsole, { initial: data }), document.getElementById("sql")!);
