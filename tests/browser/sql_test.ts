/** The SQL console as people use it: by keyboard, on a telephone, without JavaScript, with a token. @module */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { readNamedQueries } from "../../analytics/named_queries.ts";
import { openServer } from "../../routes/server.ts";
import { createAccess } from "../../routes/access.ts";
import { createSqlAccess } from "../../routes/sql_access.ts";
import { createHistory } from "../../analytics/history.ts";
import { sharedDuckDb } from "../analytics/captures.ts";
import { openAsked } from "../analytics/sandboxes.ts";
import { openSample } from "../routes/sample.ts";
import { browserTest } from "./browser.ts";
import { requireGoodLooks } from "./looks.ts";

const SQL_TOKEN = "a-token-for-analysts";
const ASKED = "SELECT state, sum(votes) AS votes FROM votes_by_window GROUP BY state ORDER BY state";

/** The console on a small election. */
async function serveConsole(sqlToken: string | null = null) {
  const stack = new AsyncDisposableStack();
  const { sandbox, snapshots, rows } = stack.use(await openAsked());
  const access = createAccess({ adminToken: "x".repeat(16), trustedProxies: 0, now: Date.now });
  const sample = stack.use(
    await openSample(undefined, {}, {
      history: createHistory(await sharedDuckDb(), snapshots),
      past: snapshots,
      sql: {
        engine: sandbox,
        confinements: [],
        namedQueries: readNamedQueries(new URL("../../analytics/queries", import.meta.url).pathname),
        access: createSqlAccess(sqlToken, access),
      },
    }),
  );
  const server = stack.use(openServer("127.0.0.1", 0, sample.app.fetch));
  return {
    url: (query = "") => `http://127.0.0.1:${server.port}/sql${query}`,
    rows,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const cells = (page: Page) =>
  page.locator("tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent))
  );

const asShown = (rows: unknown[][]) => rows.map((row) => row.map(String));

browserTest(
  "a query is written with completion, run by keyboard, and is in the address then",
  async ({ context }) => {
    await using sql = await serveConsole();
    const page = await (await context()).newPage();
    await page.goto(sql.url());
    const editor = page.getByRole("textbox", { name: "Query" });
    await editor.click();
    await page.keyboard.press("Control+A");
    // Typed over, Chromium would try to keep the first word's style in the text, which the page's policy forbids it.
    await page.keyboard.press("Delete");
    await page.keyboard.type("select sum(votes) as votes from votes_by_w");
    // Not by Enter: what has just appeared takes no key for a moment, lest it be meant for the text.
    await page.getByRole("option", { name: /votes_by_window/ }).click();
    await page.keyboard.press("Control+Enter");
    await page.getByText(/^1 row, in/).first().waitFor();
    const query = "select sum(votes) as votes from votes_by_window";
    assert.deepEqual(await cells(page), asShown(await sql.rows(query)));
    assert.equal(new URL(page.url()).searchParams.get("query"), query);
    await page.reload();
    await page.getByText(/^1 row, in/).first().waitFor();
    assert.equal(await editor.textContent(), query);
  },
);

browserTest("rows are drawn as lines or bars, of the columns that are chosen", async ({ context }) => {
  await using sql = await serveConsole();
  const page = await (await context()).newPage();
  await page.goto(sql.url("?name=share_over_time"));
  await page.getByRole("img", { name: "Line chart of total_votes by at" }).waitFor();
  await page.getByLabel("Value").selectOption("share");
  await page.getByLabel("Drawn as").selectOption("bars");
  await page.getByLabel("Across").selectOption("candidate_name");
  await page.getByRole("img", { name: "Bar chart of share by candidate_name" }).waitFor();
  await page.locator(".sql-figure rect").nth(3).waitFor();
});

browserTest(
  "without JavaScript the form shows the rows, and named queries take parameters",
  async ({ context }) => {
    await using sql = await serveConsole();
    const page = await (await context({ javaScriptEnabled: false })).newPage();
    await page.goto(sql.url());
    await page.getByLabel("Query").fill(ASKED);
    await page.getByRole("button", { name: "Run" }).click();
    assert.deepEqual(await cells(page), asShown(await sql.rows(ASKED)));
    await page.getByRole("link", { name: "Results by state" }).click();
    const all = await cells(page);
    await page.getByLabel("$state").fill("Kent");
    await page.getByRole("button", { name: "Run" }).click();
    assert.deepEqual(await cells(page), all.filter(([state]) => state === "Kent"));
    await page.getByLabel("Query").fill("SELECT * FROM voters");
    await page.getByRole("button", { name: "Run" }).click();
    assert.match((await page.getByRole("alert").textContent())!, /voters/);
  },
);

browserTest("where a token is set it is asked for, and never in an address", async ({ context }) => {
  await using sql = await serveConsole(SQL_TOKEN);
  for (const javaScriptEnabled of [false, true]) {
    const page = await (await context({ javaScriptEnabled })).newPage();
    const addresses: string[] = [];
    page.on("request", (request) => addresses.push(request.url()));
    await page.goto(sql.url(`?query=${encodeURIComponent(ASKED)}`));
    assert.deepEqual(await cells(page), []);
    if (!javaScriptEnabled) {
      await page.getByLabel("Token").fill("a-wrong-one");
      await page.getByRole("button", { name: "Run" }).click();
      await page.getByRole("alert").waitFor();
    }
    await page.getByLabel("Token").fill(SQL_TOKEN);
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/^2 rows, in/).first().waitFor();
    assert.deepEqual(await cells(page), asShown(await sql.rows(ASKED)));
    for (const address of addresses) assert.ok(!address.includes(SQL_TOKEN), address);
    await page.goto(sql.url("?name=turnout_by_age"));
    assert.equal((await cells(page)).length, 1, "named queries need none");
  }
});

browserTest("the console is accessible in light and dark, wide and narrow", async ({ context }) => {
  await using sql = await serveConsole();
  const page = await (await context()).newPage();
  await page.goto(sql.url("?name=share_over_time&param_every=10"));
  await page.locator(".sql-figure svg").last().waitFor();
  await requireGoodLooks(page, "SQL");
});
