/** What is fetched beside the stream: how often it is asked for, and that nothing is while the page is hidden. @module */
import assert from "node:assert/strict";
import { createFetched } from "../../widget/fetched.ts";

const URL = "https://teller.example/api/v1/regions";
const at = (version: number) => ({ election: { id: "e1" }, version });
const away = () => Promise.reject(new TypeError("nobody answers"));

/** A page whose clock, network and window are the test's. */
function openPage() {
  let nowMs = 0;
  let timers: { atMs: number; run: () => unknown }[] = [];
  let listeners = 0;
  const document = new class extends EventTarget {
    hidden = false;
    override addEventListener(...args: Parameters<EventTarget["addEventListener"]>) {
      listeners++;
      super.addEventListener(...args);
    }
    override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>) {
      listeners--;
      super.removeEventListener(...args);
    }
  }();
  const page = {
    answer: away as () => Promise<Response>,
    asked: 0,
    listeners: () => listeners,
    waiting: () => timers.length,
    setHidden(hidden: boolean) {
      document.hidden = hidden;
      document.dispatchEvent(new Event("visibilitychange"));
    },
    /** Lets time pass, and what is due be done. */
    async pass(ms: number) {
      nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter((timer) => !due.includes(timer));
      for (const { run } of due) await run();
    },
    [Symbol.dispose]: () => stubs.dispose(),
  };
  const stubs = new DisposableStack();
  const stub = (of: object, name: string, value: unknown) => {
    const before = Object.getOwnPropertyDescriptor(of, name);
    Object.defineProperty(of, name, { value, configurable: true, writable: true });
    stubs.defer(() => {
      if (before) Object.defineProperty(of, name, before);
      else Reflect.deleteProperty(of, name);
    });
  };
  stub(globalThis, "document", document);
  stub(globalThis, "setTimeout", (run: () => unknown, ms: number) => timers.push({ atMs: nowMs + ms, run }));
  stub(performance, "now", () => nowMs);
  stub(AbortSignal, "timeout", () => undefined);
  stub(globalThis, "fetch", () => {
    page.asked++;
    return page.answer();
  });
  return page;
}

Deno.test("a hidden page asks for nothing, though nothing has come yet; seen again, it goes on", async () => {
  for (const everyMs of [Infinity, 2_000]) {
    using page = openPage();
    const fetched = createFetched(URL, everyMs, () => {});
    page.setHidden(true);
    const unfollow = fetched.follow();
    await page.pass(60_000);
    assert.equal(page.asked, 0, "followed in a hidden page");
    page.setHidden(false);
    await page.pass(0);
    assert.equal(page.asked, 1);

    // The next attempt is set when the page is hidden.
    assert.equal(page.waiting(), 1);
    page.setHidden(true);
    for (let i = 0; i < 3; i++) await page.pass(60_000);
    assert.equal(page.asked, 1);

    page.answer = () => Promise.resolve(Response.json(at(7)));
    page.setHidden(false);
    await page.pass(0);
    assert.deepEqual([page.asked, fetched.latest()], [2, at(7)]);
    unfollow();
    assert.deepEqual([page.listeners(), page.waiting()], [0, 0]);
  }
});

Deno.test("what is newer meanwhile is fetched when the page is seen", async () => {
  using page = openPage();
  const fetched = createFetched(URL, 2_000, () => {});
  page.answer = () => Promise.resolve(Response.json(at(7)));
  fetched.follow();
  await page.pass(0);
  page.setHidden(true);
  fetched.want(at(8));
  await page.pass(60_000);
  assert.equal(page.asked, 1);
  page.answer = () => Promise.resolve(Response.json(at(8)));
  page.setHidden(false);
  await page.pass(0);
  assert.deepEqual([page.asked, fetched.latest()], [2, at(8)]);
});

Deno.test("what never changes is asked for once, also where there is no such thing", async () => {
  for (const status of [200, 400, 404]) {
    using page = openPage();
    let told = 0;
    const fetched = createFetched(URL, Infinity, () => told++);
    page.answer = () => Promise.resolve(Response.json(at(7), { status }));
    fetched.follow()();
    fetched.follow();
    for (let i = 0; i < 3; i++) await page.pass(60_000);
    page.setHidden(true);
    page.setHidden(false);
    await page.pass(60_000);
    assert.deepEqual([page.asked, told, fetched.isMissing()], [1, 1, status !== 200], String(status));
    assert.equal(page.waiting(), 0);
  }
});

Deno.test("what changes is asked for again where there was no such thing, and where nobody answered", async () => {
  using page = openPage();
  const fetched = createFetched(URL, 2_000, () => {});
  fetched.follow();
  await page.pass(0);
  page.answer = () => Promise.resolve(Response.json({}, { status: 404 }));
  await page.pass(6_000);
  assert.deepEqual([page.asked, fetched.isMissing()], [2, true]);
  page.answer = () => Promise.resolve(Response.json(at(7)));
  await page.pass(29_000);
  assert.equal(page.asked, 2);
  await page.pass(1_000);
  assert.deepEqual([page.asked, fetched.latest(), fetched.isMissing()], [3, at(7), false]);
});
