/**
 * The document that charts are drawn in on the server: Plot makes SVG as a tree of nodes.
 * @module
 */
import { parseHTML } from "linkedom";

const { document } = parseHTML("<!doctype html><html><body></body></html>") as unknown as {
  document: Document;
};

/** One for all: nothing is ever put into it. */
export const chartDocument: Document = document;
