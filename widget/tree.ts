/**
 * What a view shows, as plain data, and how a document is brought to show it, changing as little as possible: what
 * stays in place can move smoothly, and keeps the reader's selection.
 *
 * By hand, because the widget brings no library into other people's pages.
 * @module
 */
/// <reference lib="dom" />

/** An element to be shown; a string is text, and never anything else. */
export interface Tree {
  readonly tag: string;
  /** Undefined and false: not set. A name that starts with `--` is a custom property. */
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly children: readonly (Tree | string)[];
}

/** An element with attributes; children that are null, false or empty are left out. `key` tells siblings apart. */
export function h(
  tag: string,
  attributes: Tree["attributes"] = {},
  ...children: (Tree | string | null | false | (Tree | string)[])[]
): Tree {
  const shown = children.flat().filter((child) => child !== null && child !== false && child !== "");
  return { tag, attributes, children: shown as (Tree | string)[] };
}

const SVG = "http://www.w3.org/2000/svg";
const shown = new WeakMap<Node, Tree>();

/** Makes the children of `parent` show these trees. */
export function show(parent: Element | ShadowRoot, children: readonly (Tree | string)[]): void {
  const there = [...parent.childNodes];
  const kept = new Set<Node>();
  children.forEach((child, place) => {
    const old = there.find((node) => !kept.has(node) && isSame(node, child));
    const node = old ?? create(child, parent);
    kept.add(node);
    update(node, child);
    if (parent.childNodes[place] !== node) parent.insertBefore(node, parent.childNodes[place] ?? null);
  });
  for (const node of there) if (!kept.has(node)) node.remove();
}

function isSame(node: Node, child: Tree | string): boolean {
  if (typeof child === "string") return node.nodeType === Node.TEXT_NODE;
  const old = shown.get(node);
  return old?.tag === child.tag && old.attributes.key === child.attributes.key;
}

function create(child: Tree | string, parent: Element | ShadowRoot): Node {
  if (typeof child === "string") return document.createTextNode(child);
  const isSvg = child.tag === "svg" || "namespaceURI" in parent && parent.namespaceURI === SVG;
  return isSvg ? document.createElementNS(SVG, child.tag) : document.createElement(child.tag);
}

function update(node: Node, child: Tree | string): void {
  if (typeof child === "string") {
    if (node.nodeValue !== child) node.nodeValue = child;
    return;
  }
  const element = node as HTMLElement;
  const old = shown.get(element)?.attributes ?? {};
  for (const name of Object.keys({ ...old, ...child.attributes })) {
    const value = child.attributes[name];
    if (name !== "key" && value !== old[name]) set(element, name, value);
  }
  show(element, child.children);
  shown.set(element, child);
}

function set(element: HTMLElement, name: string, value: Tree["attributes"][string]): void {
  // By the object model: pages may forbid style attributes.
  if (name.startsWith("--")) element.style.setProperty(name, String(value ?? ""));
  else if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}
