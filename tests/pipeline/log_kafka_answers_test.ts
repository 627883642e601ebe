import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { createAnswerBuffers, type ReadInto } from "../../pipeline/log_kafka_answers.ts";

Deno.test("answers come whole, however the socket cuts them up", () => {
  const answers = fc.array(fc.uint8Array({ maxLength: 40_000 }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(answers, fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1 }), (sent, cuts) => {
      const { socket, heard } = listen();
      const { intoAnswers, reuse } = createAnswerBuffers();
      const into = intoAnswers({
        ...socket,
        onAnswer(answer) {
          socket.onAnswer(Buffer.from(answer));
          reuse(answer);
        },
      });
      feed(into, Buffer.concat(sent.map(framed)), cuts);
      assert.deepEqual(heard.answers, sent.map((bytes) => Buffer.from(framed(bytes))));
      assert.equal(heard.nonsense, 0);
    }),
    { numRuns: 50 },
  );
});

Deno.test("an answer's memory is used again only once it was given back", () => {
  const { socket, heard } = listen();
  const { intoAnswers, reuse } = createAnswerBuffers();
  const into = intoAnswers(socket);
  const large = new Uint8Array(100_000);
  for (const byte of [1, 2]) feed(into, framed(large.fill(byte)), [50_000]);
  const [first, second] = heard.answers;
  assert.notEqual(first.buffer, second.buffer);
  assert.equal(first[4], 1);
  reuse(first.subarray(4));
  feed(into, framed(large.fill(3)), [50_000]);
  assert.equal(heard.answers[2].buffer, first.buffer);
  assert.deepEqual([first[4], second[4]], [3, 2]);
});

Deno.test("what is no answer of Kafka's is told of by its first bytes, and nothing is kept for it", () => {
  const { socket, heard } = listen();
  const into = createAnswerBuffers().intoAnswers(socket);
  const tlsAlert = Buffer.from([0x15, 3, 3, 0, 2, 2, 50]);
  into.buffer().set(tlsAlert.subarray(0, 4));
  assert.equal(into.callback(4), false);
  assert.deepEqual(heard, { first: [0x15, 3, 3, 0], answers: [], nonsense: 1 });
});

function listen() {
  const heard = { first: [] as number[], answers: [] as Buffer[], nonsense: 0 };
  const socket = {
    onFirst: (bytes: Uint8Array) => void heard.first.push(...bytes),
    onAnswer: (answer: Buffer) => void heard.answers.push(answer),
    onNonsense: () => void heard.nonsense++,
  };
  return { socket, heard };
}

function framed(bytes: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

/** As a socket does: never more than there is room for, and never more than has come. */
function feed(into: ReadInto, bytes: Uint8Array, cuts: readonly number[]): void {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const room = into.buffer();
    assert.ok(room.length > 0);
    const n = Math.min(room.length, bytes.length - at, cuts[i % cuts.length]);
    room.set(bytes.subarray(at, at + n));
    at += n;
    assert.equal(into.callback(n), true);
  }
}
