/**
 * A real Chromium on a really served sample election, all closed at the end of a test.
 * @module
 */
import assert from "node:assert/strict";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { Results } from "../../pipeline/results.ts";
import type { AppDeps } from "../../routes/app.ts";
import { openSample } from "../routes/sample.ts";
import { chromiumPath, needs, type Service } from "../services/available.ts";
import { launchChromium } from "../services/chromium.ts";

/** A sample election, served on an address that stays the same when the server is stopped and started again. */
export async function serveSample(first?: Results, deps: Partial<AppDeps> = {}) {
  let sample = await openSample(first, {}, deps);
  let server = serve(0);
  const { port } = server.addr;

  function serve(port: number) {
    return Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, sample.app.fetch);
  }

  async function stop() {
    sample.close();
    await server.shutdown();
  }

  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    publish: (results: Results) => sample.publish(results),
    clients: () => sample.live.clients(),
    stop,
    async restart(first: Results) {
      sample = await openSample(first, {}, deps);
      server = serve(port);
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** One for all tests of a file: contexts share nothing. */
let browser: Browser | null = null;
Deno.test.beforeAll(async () => {
  if (chromiumPath() !== null) browser = await launchChromium();
});
Deno.test.afterAll(async () => await browser?.close());

/** What a test is given: a way to open pages as different people see them. */
export interface Visit {
  /** A browser window of its own: nothing is shared with other contexts. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A page in a context of its own, loaded. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
}

/** What a browser reports by itself of a server that is away, or starting. */
const AWAY = /net::ERR_|status of 503/;

/**
 * A test in a browser, and on other services that it needs, which also fails where a page reports an error or a
 * violation of its own policy.
 */
export function browserTest(name: string, fn: (visit: Visit) => Promise<void>, ...services: Service[]): void {
  needs("chromium", ...services)(name, async () => {
    const complaints: string[] = [];
    await using contexts = new AsyncDisposableStack();

    async function context(options?: BrowserContextOptions): Promise<BrowserContext> {
      const context = contexts.use(await browser!.newContext(options));
      context.on("weberror", (error) => complaints.push(String(error.error())));
      context.on("console", (message) => {
        if (message.type() !== "error") return;
        // A page says by itself that its server is away, and that it is an answer of 404; every other error is one.
        const isOwn = message.location().url === message.page()?.url();
        const isSaid = AWAY.test(message.text()) ||
          isOwn && message.text().startsWith("Failed to load resource");
        if (!isSaid) complaints.push(message.text());
      });
      return context;
    }

    async function open(url: string, options?: BrowserContextOptions): Promise<Page> {
      const page = await (await context(options)).newPage();
      await page.goto(url);
      if (options?.javaScriptEnabled !== false) await page.getByRole("button", { name: "Pause" }).waitFor();
      return page;
    }

    await fn({ context, open });
    assert.deepEqual(complaints, []);
  });
}
