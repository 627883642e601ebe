/**
 * Tells the page around a frame how high the frame's content is, in whichever form that page understands: our own,
 * WordPress', AMP's and pym.js'. Nothing else is ever said, so anybody may hear it.
 * @module
 */
/// <reference lib="dom" />

const content = document.getElementById("frame")!;
// WordPress gives each frame a secret in the address's fragment, and pym.js an id in its query.
const secret = new URLSearchParams(location.hash.replace(/^#\??/, "")).get("secret");
const pymId = new URLSearchParams(location.search).get("childId");
let told = 0;

function tell(height: number): void {
  parent.postMessage({ type: "teller:height", height }, "*");
  if (secret !== null) parent.postMessage({ message: "height", value: height, secret }, "*");
  if (pymId !== null) parent.postMessage(["pym", pymId, "height", height].join("xPYMx"), "*");
  parent.postMessage({ sentinel: "amp", type: "embed-size", height }, "*");
}

function height(): number {
  const { paddingBlockStart, paddingBlockEnd } = getComputedStyle(document.body);
  const { height } = content.getBoundingClientRect();
  return Math.ceil(height + parseFloat(paddingBlockStart) + parseFloat(paddingBlockEnd));
}

function look(): void {
  const now = height();
  if (now !== told) tell(told = now);
}

if (parent !== self) {
  new ResizeObserver(look).observe(content);
  // WordPress hides a frame until it has told its height, and browsers observe nothing in a hidden one.
  look();
  addEventListener("load", look);
  // It asks, too, as its own script may come later than the frame.
  addEventListener("message", ({ source, data }) => {
    if (source === parent && data?.message === "ready") tell(told = height());
  });
}
