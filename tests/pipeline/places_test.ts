import assert from "node:assert/strict";
import { createPlaces, PLACE_OTHER, PLACE_UNKNOWN, placeNumber } from "../../pipeline/places.ts";

Deno.test("a place is its NFC-normalised, trimmed name", () => {
  const places = createPlaces(10);
  const composed = placeNumber(places, "Ynys M\u00f4n");
  assert.equal(placeNumber(places, "  Ynys Mo\u0302n\n"), composed);
  assert.equal(places.names[composed], "Ynys M\u00f4n");
  assert.notEqual(placeNumber(places, "ynys m\u00f4n"), composed);
});

Deno.test("what is no name of 1 to 64 characters is unknown", () => {
  const places = createPlaces(10);
  for (const written of [undefined, null, 7, {}, "", "   ", "x".repeat(65), "unknown"]) {
    assert.equal(placeNumber(places, written), PLACE_UNKNOWN, String(written));
  }
  assert.ok(placeNumber(places, "😀".repeat(64)) > PLACE_OTHER);
});

Deno.test("past the limit, new places are (other) and known ones stay", () => {
  const places = createPlaces(2);
  const [kent, fife] = [placeNumber(places, "Kent"), placeNumber(places, "Fife")];
  assert.equal(placeNumber(places, "Antrim"), PLACE_OTHER);
  assert.deepEqual([placeNumber(places, "Kent"), placeNumber(places, "Fife")], [kent, fife]);
  assert.equal(places.names.length, 4);
});

Deno.test("a name that would take long to normalise is unknown before that is tried", () => {
  const places = createPlaces(10);
  const hostile = "a" + "\u0301\u0323".repeat(16_000);
  assert.equal(placeNumber(places, hostile), PLACE_UNKNOWN);
  assert.equal(places.names[placeNumber(places, "x\ud800")], "x\ufffd");
});
