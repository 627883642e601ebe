/**
 * A page's island: its markup, the data that it is hydrated from, and the script that does it.
 * @module
 */
import type { VNode } from "preact";
import type { PageData } from "../islands/Pages.tsx";
import { IslandData, type Page } from "./page_shell.tsx";

/** What makes a page of the view of some data live. */
export function pageIsland(data: PageData, view: VNode): Pick<Page, "children" | "script"> {
  return {
    script: "pages.js",
    children: (
      <>
        <div id="page">{view}</div>
        <IslandData id="page-data" data={data} />
      </>
    ),
  };
}
