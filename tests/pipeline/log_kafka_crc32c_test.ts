import assert from "node:assert/strict";
import { createRandom } from "../../pipeline/demo_random.ts";
import { crc32c } from "../../pipeline/log_kafka_crc32c.ts";

Deno.test("crc32c gives the value that its standard names for its test string", () => {
  // RFC 3720, B.4: 32 bytes of zeros, of ones, ascending; and the usual "123456789".
  assert.equal(crc32c(new TextEncoder().encode("123456789"), 0, 9), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(32), 0, 32), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(255), 0, 32), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i), 0, 32), 0x46dd794e);
});

Deno.test("crc32c is what a bit at a time gives, of batches short and long", () => {
  const random = createRandom(1);
  random.at(0, 0);
  const bytes = Uint8Array.from({ length: 200_000 }, () => random.word());
  const start = 3;
  let crc = -1;
  for (let end = start; end < bytes.length; end++) {
    if (end < 3_000 || end % 9_973 === 0) {
      assert.equal(crc32c(bytes, start, end), ~crc >>> 0, String(end - start));
    }
    crc ^= bytes[end];
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
});

Deno.test("Teller may load the library of every system that it runs on, in the version that is locked", () => {
  const locked = Object.keys(readJson("deno.lock").npm).filter((name) =>
    /^@node-rs\/crc32-(linux-(x64|arm64)-gnu|darwin-(x64|arm64)|win32-(x64|arm64)-msvc)@/.test(name)
  );
  assert.equal(locked.length, 6);
  const loadable: string[] = readJson("deno.json").permissions.teller.ffi;
  for (const name of locked) {
    assert.ok(loadable.includes(`./node_modules/.deno/${name.replace("/", "+")}`), name);
  }
});

function readJson(name: string) {
  return JSON.parse(Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url)));
}
