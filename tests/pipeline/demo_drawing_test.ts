/** @module The thread that draws the demo's people: the same people as without it, or an error. */
import assert from "node:assert/strict";
import { openDrawing } from "../../pipeline/demo_drawing.ts";
import { createPopulation } from "../../pipeline/demo_people.ts";

const OPTIONS = { seed: 42, candidates: 3 };

Deno.test("a thread draws the people of the seed, piece by piece in the pieces' order", async () => {
  using drawing = await openDrawing(OPTIONS);
  const population = createPopulation(OPTIONS);
  assert.deepEqual(drawing.candidates, [0, 1, 2].map(population.candidate));
  const pieces = [[5, 3], [0], [70_000, 70_001, 2], [1], [4], [9, 8]];
  const drawn = await Array.fromAsync(drawing.voters(pieces));
  const decoder = new TextDecoder();
  const read = drawn.map((records) =>
    records.map(({ number, key, value }) => ({
      number,
      key: decoder.decode(key!),
      voter: JSON.parse(decoder.decode(value!)),
    }))
  );
  assert.deepEqual(
    read,
    pieces.map((numbers) =>
      numbers.map((number) => {
        const voter = population.voter(number);
        return { number, key: voter.voter_id, voter };
      })
    ),
  );
});

Deno.test("a thread that fails, at its start or later, is an error that says why", async () => {
  const start = (url: string) => () => new Worker(url, { type: "module" });
  const expected = { message: /^The thread that draws the demo's people has failed: .*as a test wants it/ };
  const atOnce = start("data:application/javascript,throw new Error('as a test wants it')");
  await assert.rejects(openDrawing(OPTIONS, atOnce), expected);

  using drawing = await openDrawing(OPTIONS, start(import.meta.resolve("./demo_drawing_failing.ts")));
  // The fifth is asked for once the first has been given.
  const drawn = drawing.voters([[0], [1], [2], [3], [4], [5]]);
  assert.equal((await drawn.next()).value?.length, 1);
  await assert.rejects(Array.fromAsync(drawn), expected);
});
