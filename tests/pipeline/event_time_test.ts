import assert from "node:assert/strict";
import fc from "fast-check";
import { boundedTime, parseEventTime, readEventTime } from "../../pipeline/event_time.ts";

const since2000 = fc.date({ min: new Date("2000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z") })
  .filter((date) => !isNaN(date.getTime()));

Deno.test("every moment since 2000 is read back from ISO 8601, at any offset", () => {
  fc.assert(fc.property(since2000, fc.integer({ min: -23 * 60, max: 23 * 60 }), (date, offsetMinutes) => {
    assert.equal(parseEventTime(date.toISOString()), date.getTime());
    const local = new Date(date.getTime() + offsetMinutes * 60_000);
    if (local.getUTCFullYear() > 9999) return;
    const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
    const two = (n: number) => String(n).padStart(2, "0");
    const offset = `${offsetMinutes < 0 ? "-" : "+"}${two(hours)}:${two(minutes)}`;
    assert.equal(parseEventTime(local.toISOString().replace("Z", offset)), date.getTime());
  }));
});

Deno.test("the predecessor's form is read as UTC", () => {
  assert.equal(parseEventTime("2024-02-29 23:59:58"), Date.UTC(2024, 1, 29, 23, 59, 58));
});

Deno.test("fractions are read to the millisecond, seconds may be left out", () => {
  assert.equal(parseEventTime("2026-05-07T10:00:00.1239Z"), Date.UTC(2026, 4, 7, 10, 0, 0, 123));
  assert.equal(parseEventTime("2026-05-07T10:00:00,5Z"), Date.UTC(2026, 4, 7, 10, 0, 0, 500));
  assert.equal(parseEventTime("2026-05-07T10:00Z"), Date.UTC(2026, 4, 7, 10));
  assert.equal(parseEventTime("2026-05-07T10:00+01"), Date.UTC(2026, 4, 7, 9));
});

Deno.test("what no clock or calendar shows is no event time", () => {
  const none = [
    undefined,
    null,
    1_700_000_000_000,
    "",
    "now",
    "2026-05-07",
    "2026-05-07T10:00:00",
    "2026-05-07 10:00:00Z",
    "2026-05-07 10:00",
    "2026-02-29 10:00:00",
    "2026-13-01 10:00:00",
    "2026-05-00 10:00:00",
    "2026-05-07 24:00:00",
    "2026-05-07 23:59:60",
    "2026-05-07T10:00:00+24:00",
    "1999-12-31 23:59:59",
    "2000-01-01T00:00:00+00:01",
    " 2026-05-07 10:00:00",
  ];
  for (const written of none) assert.equal(parseEventTime(written), NaN, String(written));
});

Deno.test("a log timestamp can always be written down, whatever a producer's clock said", () => {
  for (const timestamp of [-1, -8.64e15, 0, 1e12, 8.64e15, 2 ** 53]) {
    assert.match(new Date(boundedTime(timestamp)).toISOString(), /^\d{4}-/);
  }
  assert.equal(boundedTime(1e12), 1e12);
});

Deno.test("an event time is read from bytes as it is from text", () => {
  const encoder = new TextEncoder();
  const written = since2000.chain((date) => {
    const iso = date.toISOString();
    return fc.constantFrom(
      iso,
      iso.slice(0, 19).replace("T", " "),
      iso.replace(/\.\d+/, ""),
      iso.slice(0, -1),
    );
  });
  const spoil = fc.tuple(
    fc.nat({ max: 24 }),
    fc.constantFrom(0, 1),
    fc.constantFrom(..."0123456789:-. TZ+/é"),
  );
  fc.assert(
    fc.property(fc.array(written, { minLength: 1 }), fc.array(spoil, { maxLength: 2 }), (times, spoils) => {
      for (const time of times) {
        const text = spoils.reduce((text, [at, n, by]) => text.slice(0, at) + by + text.slice(at + n), time);
        const bytes = encoder.encode(`"${text}"Z`);
        const read = () => readEventTime(bytes, 1, bytes.length - 2);
        assert.deepEqual([read(), read()], [parseEventTime(text), parseEventTime(text)], text);
      }
    }),
    { numRuns: 2_000 },
  );
});
