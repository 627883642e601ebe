/** Frames, pictures and the page that makes code for other sites, in a real browser on two real origins. @module */
/// <reference lib="dom" />
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Frame, Page } from "playwright-core";
import { askedByWordPress, discoveredByWordPress, embeddedByWordPress } from "../routes/oembed_consumers.ts";
import type { Regions } from "../../pipeline/regions.ts";
import { builtAssets, CANDIDATES, resultsOf } from "../routes/sample.ts";
import { OTHER_MACHINE } from "../services/chromium.ts";
import { browserTest, serveSample } from "./browser.ts";

const FIRST = resultsOf([1_234, 980, 612]);
const ROWS = [["Amelia Hartley", "1,234", "43.7%"], ["Oliver Chapman", "980", "34.7%"], [
  "Priya Raman",
  "612",
  "21.7%",
]];

/** A served election that knows its own address. */
async function serveElection() {
  let url = "";
  const assets = { ...await builtAssets(), address: (path: string) => url + path };
  const regions = (): Regions => ({
    election: FIRST.election,
    version: FIRST.version,
    as_of: FIRST.as_of,
    candidates: CANDIDATES,
    regions: [{ state: "Kent", count: 90, voters: 100, turnout: 0.9, votes: [30, 50, 10] }],
  });
  const served = await serveSample(FIRST, { assets, regions });
  url = served.url.replace(/\/$/, "");
  return Object.assign(served, { origin: url });
}

/** A page of another site, on an origin of its own. */
function serveParent(body: string) {
  const html =
    `<!doctype html><html lang="en"><head><title>News</title><link rel="icon" href="data:,"></head>` +
    `<body style="margin: 0">${body}</body></html>`;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } }),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** What a reader sees of each row: name, votes, share. */
async function rowsIn(frame: Frame | Page): Promise<(string | undefined)[][]> {
  await frame.locator("tbody tr:visible").first().waitFor();
  const texts = await frame.locator("tbody tr:visible").allInnerTexts();
  return texts.map((text) => {
    const name = ROWS.map(([name]) => name).find((name) => text.includes(name)) ?? text;
    const [votes, share] = text.match(/[\d,.]+%?/g) ?? [];
    return [name, votes, share];
  });
}

/** Waits until the element in the frame shows something, in the place of what the server wrote. */
async function alive(frame: Frame | Page): Promise<void> {
  await frame.waitForFunction(() => {
    const element = document.querySelector("teller-results");
    return element?.shadowRoot?.querySelector("[part~=body]") != null;
  });
}

const heightOf = (frame: Frame) =>
  frame.evaluate(() => Math.ceil(document.getElementById("frame")!.getBoundingClientRect().height) + 24);

/** Waits until all frames of a page are as high as what is in one of them, which may change meanwhile. */
async function framesAreAsHighAs(frame: Frame, page: Page): Promise<void> {
  const areSo = (height: number) =>
    [...document.querySelectorAll("iframe")].every((frame) => frame.clientHeight === height);
  while (!await page.evaluate(areSo, await heightOf(frame)));
}

/** What WordPress' own script does, by its rules. */
const WORDPRESS = `<script>
addEventListener("message", ({ data, source }) => {
  if (!data || !(data.secret || data.message || data.value) || /[^a-zA-Z0-9]/.test(data.secret)) return;
  for (const quotation of document.querySelectorAll('blockquote[data-secret="' + data.secret + '"]')) {
    quotation.style.display = "none";
  }
  for (const frame of document.querySelectorAll('iframe[data-secret="' + data.secret + '"]')) {
    if (source !== frame.contentWindow) continue;
    frame.removeAttribute("style");
    if (data.message === "height") frame.height = Math.min(1000, Math.max(200, parseInt(data.value, 10)));
  }
});
addEventListener("load", () => {
  for (const frame of document.querySelectorAll("iframe[data-secret]")) {
    frame.contentWindow.postMessage({ message: "ready", secret: frame.dataset.secret }, "*");
  }
});
</script>`;

browserTest(
  "a link pasted into WordPress becomes a frame of the right height, with right numbers, live",
  async ({ context }) => {
    await using election = await serveElection();
    const link = `${election.origin}/embed/v1/table?theme=light`;
    const endpoint = discoveredByWordPress(await (await fetch(link)).text())!;
    const answer = await (await fetch(askedByWordPress(endpoint, link, 600))).json();
    await using site = serveParent(WORDPRESS + embeddedByWordPress(answer, "s3cret"));
    const page = await (await context()).newPage();
    await page.goto(site.url);
    const element = page.locator("iframe");
    assert.equal(await element.getAttribute("sandbox"), "allow-scripts");
    const frame = (await (await element.elementHandle())!.contentFrame())!;
    await alive(frame);
    assert.deepEqual(await rowsIn(frame), ROWS);
    await framesAreAsHighAs(frame, page);
    assert.ok(await element.isVisible());
    assert.ok(!await page.locator("blockquote").isVisible(), "the quotation gave way to the frame");
    assert.equal(await frame.evaluate(() => origin), "null");
    election.publish(resultsOf([1_234, 1_300, 612]));
    await frame.getByText("1,300").filter({ visible: true }).first().waitFor();
  },
);

browserTest(
  "a frame tells its height to our own listeners, pym.js and AMP, and again when it changes",
  async ({ context }) => {
    await using election = await serveElection();
    const pym = `${election.origin}/embed/v1/table?limit=2&initialWidth=500&childId=results-1` +
      `&parentTitle=News&parentUrl=${encodeURIComponent("https://news.example/a?b=c")}`;
    await using site = serveParent(
      `<script>heard = []; addEventListener("message", ({ data }) => heard.push(data))</script>` +
        `<iframe sandbox="allow-scripts" width="600" src="${pym.replaceAll("&", "&amp;")}"></iframe>`,
    );
    const page = await (await context()).newPage();
    await page.goto(site.url);
    const frame = page.frames().find((frame) => frame.url().startsWith(election.origin))!;
    await alive(frame);

    /** Whether that is what it has told last, in each of the three ways. */
    const isTold = (height: number) => {
      type Told = { type?: string; sentinel?: string; height?: number };
      const { heard } = globalThis as unknown as { heard: (Told | string)[] };
      const last = (is: (told: Told) => boolean) =>
        heard.filter((told) => typeof told !== "string").findLast(is)?.height;
      return last((told) => told.type === "teller:height") === height &&
        last((told) => told.sentinel === "amp" && told.type === "embed-size") === height &&
        heard.findLast((told) => typeof told === "string") ===
          ["pym", "results-1", "height", height].join("xPYMx");
    };
    async function told(width: number): Promise<number> {
      await page.evaluate((width) => document.querySelector("iframe")!.width = String(width), width);
      await frame.waitForFunction((width) => innerWidth === width, width);
      for (;;) {
        const height = await heightOf(frame); // which may change once more when the widget is there
        if (await page.evaluate(isTold, height)) return height;
      }
    }
    const wide = await told(600);
    assert.ok(await told(190) > wide, "it is higher where it is narrower");
  },
);

browserTest("without JavaScript, frames show right numbers", async ({ context }) => {
  await using election = await serveElection();
  const page = await (await context({ javaScriptEnabled: false })).newPage();
  for (const view of ["bars", "table"]) {
    await page.goto(`${election.origin}/embed/v1/${view}`);
    assert.deepEqual(await rowsIn(page), ROWS, view);
    assert.ok(await page.getByText("Simulated", { exact: true }).isVisible());
  }
  await page.goto(`${election.origin}/embed/v1/card`);
  await page.getByText("Amelia Hartley (Management Party) leads by 254 votes; turnout is 28.3%.").waitFor();
});

browserTest("the page that makes code shows what it makes, and copies it", async ({ context }) => {
  await using election = await serveElection();
  const visit = await context({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await visit.newPage();
  await page.goto(`${election.origin}/embed`);
  const samples = () => page.frames().filter((frame) => frame.url().includes("/embed/v1/"));
  const code = (name: string) => page.getByRole("textbox", { name, exact: true }).inputValue();
  for (const sample of samples()) await alive(sample);
  assert.equal(samples().length, 2);
  // The samples have a theme of their own, and still no more room around than any frame.
  for (const sample of samples()) {
    assert.equal(
      await sample.locator("[part=frame]").evaluate((frame) => getComputedStyle(frame).padding),
      "0px",
    );
  }
  assert.match(await code("Script"), /<teller-results view="bars"><a href="/);

  await page.getByLabel("View").selectOption("table");
  await page.getByLabel("Candidates at most").fill("1");
  await page.getByLabel("Colours").selectOption("dark");
  await page.getByLabel("Language of numbers").fill("de");
  await page.getByLabel("Language of numbers").blur();
  const query = "limit=1&theme=dark&locale=de";
  await page.waitForURL(`${election.origin}/embed?view=table&${query}`);
  await page.waitForFunction(
    (query) =>
      [...document.querySelectorAll("iframe")].every((frame) =>
        frame.src.endsWith(`/embed/v1/table?${query}`)
      ),
    query,
  );
  for (const sample of samples()) {
    await alive(sample);
    assert.deepEqual(await rowsIn(sample), [["Amelia Hartley", "1.234", "43,7"]]);
    // Both samples are as high as their frame has told.
    await framesAreAsHighAs(sample, page);
  }
  assert.match(await code("Script"), /view="table" limit="1" theme="dark" locale="de"/);
  assert.match(await code("Script that never changes"), /\/widget\/1\.\d+\.\d+\.js" integrity="sha384-/);
  assert.match(
    await code("Frame"),
    /\/embed\/v1\/table\?limit=1&amp;theme=dark&amp;locale=de" .*sandbox="allow-scripts"/,
  );
  assert.equal(await code("Link"), `${election.origin}/embed/v1/table?${query}`);
  assert.match(
    await code("Picture"),
    /\/img\/v1\/table\.svg\?limit=1&amp;theme=dark&amp;locale=de&amp;width=600" .*alt="Simulated: /,
  );
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await code("Link"));
  await page.getByLabel("Candidates at most").fill("99");
  await page.getByLabel("Candidates at most").blur();
  await page.getByRole("alert").waitFor();
  const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
});

browserTest("what is wrong is said beside its field, and stands in no code", async ({ context }) => {
  await using election = await serveElection();
  const page = await (await context()).newPage();
  await page.goto(`${election.origin}/embed`);
  const link = () => page.getByRole("textbox", { name: "Link", exact: true }).inputValue();
  const asOf = page.getByLabel("As of", { exact: true });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(decodeURIComponent(request.url())));
  for (const wrong of ["2026-05-07 10:00", "yesterday"]) {
    await asOf.fill(wrong);
    await asOf.blur();
    const complaint = page.getByRole("alert");
    await complaint.waitFor();
    assert.equal(await complaint.innerText(), "That is no version and no time: the newest is shown.");
    assert.equal(await asOf.getAttribute("aria-describedby"), await complaint.getAttribute("id"));
    assert.equal(await asOf.getAttribute("aria-invalid"), "true");
    assert.equal(await link(), `${election.origin}/embed/v1/bars`);
    // Another field that is right makes this one no better.
    await page.getByLabel("Colours").selectOption("dark");
    await page.waitForURL(/theme=dark/);
    assert.equal(await link(), `${election.origin}/embed/v1/bars?theme=dark`);
    assert.ok(await complaint.isVisible());
    await asOf.fill("");
    await asOf.blur();
    await complaint.waitFor({ state: "detached" });
    await page.getByLabel("Colours").selectOption("auto");
    await page.waitForURL(`${election.origin}/embed?view=bars`);
  }
  assert.deepEqual(asked.filter((url) => url.includes("as_of")), []);
});

for (
  const [why, host, refuse] of [
    ["has no clipboard, by plain HTTP from another machine", OTHER_MACHINE, false],
    ["is refused it", "127.0.0.1", true],
  ] as const
) {
  browserTest(`where a page ${why}, code is selected, and the reader told`, async ({ context }) => {
    await using election = await serveElection();
    const page = await (await context()).newPage();
    if (refuse) {
      await page.addInitScript(() => {
        navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
      });
    }
    await page.goto(`http://${host}:${election.port}/embed`);
    await page.getByRole("button", { name: "Copy link" }).click();
    assert.match(await page.getByRole("alert").innerText(), /The code is selected: press Ctrl-C/);
    const selected = await page.evaluate(() => {
      const { value, selectionStart, selectionEnd } = document.activeElement as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
    assert.equal(selected, `${election.origin}/embed/v1/bars`);
    assert.equal(await page.getByRole("button", { name: "Copied" }).count(), 0);
  });
}

browserTest(
  "without JavaScript, the page that makes code is a form that makes the same",
  async ({ context }) => {
    await using election = await serveElection();
    const page = await (await context({ javaScriptEnabled: false })).newPage();
    await page.goto(`${election.origin}/embed`);
    await page.getByLabel("View").selectOption("card");
    await page.getByLabel("Region").selectOption("Kent");
    await page.getByLabel("Colours").selectOption("light");
    await page.getByRole("button", { name: "Show" }).click();
    await page.waitForURL(/view=card&region=Kent/);
    const code = await page.getByRole("textbox", { name: "Link", exact: true }).inputValue();
    assert.equal(code, `${election.origin}/embed/v1/card?region=Kent&theme=light`);
    assert.equal(await page.getByLabel("View").inputValue(), "card");
    await page.goto(`${election.origin}/embed?view=pie&as_of=yesterday`);
    await page.getByRole("alert").waitFor();
  },
);

browserTest("a painted picture has bars as long as the votes say, and words", async ({ context }) => {
  await using election = await serveElection();
  const page = await (await context()).newPage();
  await page.goto(`${election.origin}/embed/v1/card`);
  const { bars, ink } = await page.evaluate(async () => {
    const png = await (await fetch("/img/v1/bars.png?theme=light&width=600")).blob();
    const bitmap = await createImageBitmap(png);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const colourAt = (x: number, y: number) =>
      [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)].map((n) =>
        n.toString(16).padStart(2, "0")
      ).join("");
    /** The longest row of each colour. */
    const bars: Record<string, number> = {};
    let ink = 0;
    for (let y = 0; y < height; y++) {
      const row: Record<string, number> = {};
      for (let x = 0; x < width; x++) row[colourAt(x, y)] = (row[colourAt(x, y)] ?? 0) + 1;
      for (const [colour, n] of Object.entries(row)) bars[colour] = Math.max(bars[colour] ?? 0, n);
      ink += row["1b1b19"] ?? 0;
    }
    return { bars, ink };
  });
  assert.ok(Math.abs(bars["bd5310"] / bars["17408f"] - 980 / 1_234) < 0.005, JSON.stringify(bars["bd5310"]));
  assert.ok(Math.abs(bars["098586"] / bars["17408f"] - 612 / 1_234) < 0.005);
  assert.equal(bars["17408f"], 560);
  assert.ok(ink > 500, `${ink} px of ink: without a font there would be none`);
});
