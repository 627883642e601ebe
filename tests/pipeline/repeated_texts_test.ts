import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { textOf } from "../../pipeline/repeated_texts.ts";

Deno.test("a text is the one that its bytes spell, though the memory of an earlier one was written over", () => {
  // Alike in length and at both ends, so that one takes the other's place.
  const bytes = Buffer.from("Kent-east-Kent");
  const read = () =>
    textOf(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
  assert.equal(read(), "Kent-east-Kent");
  bytes.write("Kent-west-Kent");
  assert.equal(read(), "Kent-west-Kent");
});
