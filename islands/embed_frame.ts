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

function look(): void {
  const { paddingBlockStart, paddingBlockEnd } = getComputedStyle(document.body);
  const height = Math.ceil(
    content.getBoundingClientRect().height + parseFloat(paddingBlockStart) + parseFloat(paddingBlockEnd),
  );
  if (height !== told) tell(told = height);
}

if (parent !== self) {
  new ResizeObserver(look).observe(content);
  // WordPress asks when its own script comes later than the frame.
  addEventListener("message", ({ source, data }) => {
    if (source === parent && data?.message === "ready" && told > 0) tell(told);
  });
}
