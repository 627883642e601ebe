import assert from "node:assert/strict";
import { openSession } from "../../pipeline/postgres.ts";
import { startPublisher } from "../../pipeline/publisher.ts";
import { needs } from "../services/available.ts";
import { newDatabase } from "../services/postgres.ts";
import { startProxy } from "../services/proxy.ts";

/** A publisher whose notices can be waited for. */
function publisherOn(url: string, electionId = "an election", answerWithinMs?: number) {
  const ending = new AbortController();
  const notices: string[] = [];
  let heard = () => {};
  const publisher = startPublisher({
    url,
    electionId,
    signal: ending.signal,
    answerWithinMs,
    onNotice: (message) => {
      notices.push(message);
      heard();
    },
  });
  return {
    ...publisher,
    async says(text: string) {
      while (!notices.at(-1)?.includes(text)) await new Promise<void>((resolve) => heard = resolve);
    },
    end: () => (ending.abort(), publisher.done),
  };
}

const LOCKS = "pg_locks where locktype = 'advisory'";

needs("postgres")(
  "one publishes for each election; another takes over when it ends, or is cut off",
  async () => {
    await using database = await newDatabase();
    await using session = openSession(database.url);
    /** The connections that hold a lock: one for each election. */
    const holders = async () =>
      (await session.sql.unsafe<{ pid: number }[]>(`select pid from ${LOCKS} and granted`)).map(({ pid }) =>
        pid
      );
    const first = publisherOn(database.url);
    while ((await session.sql.unsafe(`select from ${LOCKS}`)).length === 0);
    const second = publisherOn(database.url);
    const elsewhere = publisherOn(database.url, "another election");
    try {
      await second.says("Another Teller publishes");
      while (!first.mayPublish() || !elsewhere.mayPublish()) await session.sql`select`;
      assert.equal(second.mayPublish(), false);

      await first.end();
      await second.says("publishes the election now");
      assert.equal(second.mayPublish(), true);

      const third = publisherOn(database.url);
      try {
        await third.says("Another Teller publishes");
        const before = await holders();
        for (const pid of before) await session.sql`select pg_terminate_backend(${pid})`;
        // Whoever asks first has it then: the third, or the second on a connection made anew.
        while ((await holders()).filter((pid) => !before.includes(pid)).length < before.length);
        while (third.mayPublish() === second.mayPublish()) await session.sql`select pg_sleep(0.1)`;
      } finally {
        await third.end();
      }
    } finally {
      await Promise.all([second.end(), elsewhere.end()]);
    }
  },
);

needs("postgres")(
  "a server that goes silent is given up, and asked again over another connection",
  async () => {
    await using database = await newDatabase();
    await using session = openSession(database.url);
    await using proxy = startProxy(database.port);
    const url = new URL(database.url);
    url.port = String(proxy.port);
    const publisher = publisherOn(url.href, "an election", 300);
    while ((await session.sql.unsafe(`select from ${LOCKS}`)).length === 0);
    const again = Promise.withResolvers<boolean>();
    const limit = setTimeout(() => again.resolve(false), 8_000);
    try {
      const swallowed = new Promise<void>((resolve) =>
        proxy.tap = (_chunk, _direction, { id }) => id === 0 ? resolve() : again.resolve(true)
      );
      proxy.swallowing = true;
      await swallowed;
      proxy.swallowing = false;
      assert.ok(await again.promise, "it waits for an answer still");
    } finally {
      clearTimeout(limit);
      proxy.cut();
      await publisher.end();
    }
  },
);

Deno.test("where the server can't be asked the sinks do as they do without it", async () => {
  const publisher = publisherOn("postgres://nobody@127.0.0.1:1/none");
  assert.equal(publisher.mayPublish(), false);
  while (!publisher.mayPublish()) await new Promise((resolve) => setTimeout(resolve, 5));
  await publisher.end();
});
