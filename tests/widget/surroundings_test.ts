/** Whether the text around a widget is light, in each form in which browsers give colours. @module */
import assert from "node:assert/strict";
import { isLight } from "../../widget/surroundings.ts";

Deno.test("black and white are told apart in every colour space, whatever digits its name has", () => {
  const spaces = [
    "srgb",
    "srgb-linear",
    "display-p3",
    "rec2020",
    "a98-rgb",
    "prophoto-rgb",
    "xyz-d50",
    "xyz-d65",
  ];
  for (const space of spaces) {
    for (const black of ["0 0 0", "0.02 0.02 0.02", "none 0 none", "1e-7 0 0", "-0.01 0 0", "0 0 0 / 0.9"]) {
      assert.equal(isLight(`color(${space} ${black})`), false, `${space} ${black}`);
    }
    for (const white of ["1 1 1", "0.9 0.9 0.9", "0.95 1 1.09", "1 1 1 / 0.5"]) {
      assert.equal(isLight(`color(${space} ${white})`), true, `${space} ${white}`);
    }
  }
});

Deno.test("so they are as red, green and blue of 255, and by their lightness", () => {
  const black = ["rgb(0, 0, 0)", "rgba(20, 20, 20, 0.9)", "lab(20 5 5)", "lch(20 5 90)", "oklab(0.2 0 0)"];
  const white = [
    "rgb(255, 255, 255)",
    "rgba(230, 230, 230, 0.5)",
    "lab(90 5 5)",
    "lch(90 5 90)",
    "oklab(0.9 0 0)",
  ];
  for (const colour of [...black, "oklch(0.2 0.1 250)", "oklch(none 0 0)", "rgb(0, 0, 255)"]) {
    assert.equal(isLight(colour), false, colour);
  }
  for (const colour of [...white, "oklch(0.9 0.1 250)", "rgb(255, 255, 0)"]) {
    assert.equal(isLight(colour), true, colour);
  }
  assert.equal(isLight(""), false, "an element that is in no page has no colour");
});
