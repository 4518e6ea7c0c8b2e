import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, palette, parse } from "../../static/renderer/colour.js";

for (const [text, rgb] of [
  ["#206bc4", [32, 107, 196]],
  ["#fff", [255, 255, 255]],
  ["#1a2", [17, 170, 34]],
  ["#206BC4", [32, 107, 196]],
  [" #206bc4 ", [32, 107, 196]],
  ["#206bc480", [32, 107, 196]],
  ["#fff80", [255, 255, 255]],
  ["#ff", null],
  ["#ffff", null],
  ["#ggg", null],
  ["206bc4", null],
  ["x#206bc4", null],
  ["#206bc4x", null],
  ["", null],
  [null, null],
])
  test(`"${text}" is ${rgb ? `the colour ${rgb}` : "no colour"}`, () => assert.deepEqual(parse(text), rgb));

const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 0.005, `${found} is not ${wanted}`);

// Figures of WCAG's own examples and of its formula by hand.
for (const [one, other, ratio] of [
  [WHITE, BLACK, 21],
  [WHITE, WHITE, 1],
  [[119, 119, 119], WHITE, 4.478],
  [[255, 0, 0], WHITE, 3.998],
  [[0, 255, 0], WHITE, 1.372],
  [[0, 0, 255], WHITE, 8.592],
  [[10, 10, 10], BLACK, 1.0607],
])
  test(`the contrast of ${one} and ${other} is ${ratio}, whichever comes first`, () => {
    near(contrast(one, other), ratio);
    near(contrast(other, one), ratio);
  });

const numbers = (text) => text.match(/\d+/g).map(Number);
const ACCENTS = ["#206bc4", "#ffffff", "#000000", "#ffd43b", "#fa5252", "#12b886", "#888888", "#f0f0f0", "#111111", "#ff00ff"];

for (const dark of [false, true])
  for (const accent of ACCENTS)
    test(`${accent} stays readable on a ${dark ? "dark" : "light"} card`, () => {
      const found = palette(accent, dark);
      const of = (name) => numbers(found[name]);
      assert.ok(contrast(of("--accent"), of("--on-accent")) >= 4.45, found["--accent"]);
      assert.ok(contrast(of("--accent-text"), of("--ground")) >= 4.45, found["--accent-text"]);
      if (dark) assert.ok(contrast(of("--accent"), of("--ground")) > 1.2);
    });

test("an accent that is readable as it is stays as it is", () => {
  const found = palette("#206bc4", false);
  assert.deepEqual(numbers(found["--accent"]), [32, 107, 196]);
  assert.deepEqual(numbers(found["--accent-text"]), [32, 107, 196]);
  assert.deepEqual(numbers(found["--on-accent"]), [255, 255, 255]);
  assert.deepEqual(numbers(found["--ground"]), [255, 255, 255]);
});

test("what is no colour gives the accent of the console", () => assert.deepEqual(palette("nonsense", false), palette("#206bc4", false)));

test("the shades of an accent are made of it and of the card", () => {
  assert.deepEqual(palette("#206bc4", false), {
    "--ground": "rgb(255 255 255)",
    "--accent": "rgb(32 107 196)",
    "--accent-hover": "rgb(31 97 176)",
    "--on-accent": "rgb(255 255 255)",
    "--accent-text": "rgb(32 107 196)",
    "--accent-soft": "rgb(233 240 249)",
  });
  const dark = palette("#206bc4", true);
  assert.equal(dark["--ground"], "rgb(28 31 38)");
  assert.equal(dark["--accent-soft"], "rgb(29 48 73)");
  assert.deepEqual(numbers(dark["--accent"]), [32, 107, 196]);
});

test("a yellow is written on in ink, and grows lighter under a pointer", () => {
  const found = palette("#ffd43b", false);
  assert.deepEqual(numbers(found["--on-accent"]), [20, 24, 31]);
  const [before, after] = ["--accent", "--accent-hover"].map((name) => numbers(found[name])[2]);
  assert.ok(after > before);
});

for (const [accent, on] of [["#e00000", [255, 255, 255]], ["#ff0000", [20, 24, 31]], ["#767676", [255, 255, 255]], ["#888888", [20, 24, 31]]])
  test(`on ${accent} is written in ${on}`, () => assert.deepEqual(numbers(palette(accent, false)["--on-accent"]), on));

test("black on a dark card is made lighter until it is seen", () => {
  const { "--accent": fill } = palette("#000000", true);
  assert.ok(contrast(numbers(fill), [28, 31, 38]) > 1.5, fill);
});
