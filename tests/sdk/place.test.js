import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { placeOf, slotOf } from "../../static/sdk/src/place.js";
import { makePage } from "../page.js";

beforeEach(() => makePage('<div id="here"></div><div class="there"></div><div id="a.b"></div>'));

const place = (elementId) => {
  const { kind, slot, place } = placeOf({ properties: { gist: { elementId } } });
  return [kind, slot, place];
};

for (const [name, ...expected] of [
  ["x-gist-floating-top", "banner", "top", "top"],
  ["x-gist-floating-bottom", "banner", "bottom", "bottom"],
  ["x-gist-top", "banner", "top", "top"],
  ["x-gist-bottom", "banner", "bottom", "bottom"],
  ["my-x-gist-top", "inline", "#my-x-gist-top", undefined],
  ["x-gist-left", "inline", "#x-gist-left", undefined],
  ["here", "inline", "#here", undefined],
  ["", "modal", "#", undefined],
  [undefined, "modal", "#", undefined],
])
  test(`"${name}" is the place of ${expected[0] === "inline" ? "an" : "a"} ${expected[0]}`, () => assert.deepEqual(place(name), expected));

test("a place has the settings of its message", () => {
  const gist = { elementId: "x-gist-top", position: "x" };
  assert.equal(placeOf({ properties: { gist } }).gist, gist);
  assert.equal(placeOf({ properties: { gist: { elementId: "here" } } }).gist.elementId, "here");
});

test("an element is named by its id, or by a selector", () => {
  assert.equal(slotOf("here").id, "here");
  assert.equal(slotOf("a.b").id, "a.b");
  assert.equal(slotOf(".there").className, "there");
});

test("what names nothing, or is no selector, is no place", () => {
  assert.equal(slotOf("nowhere"), null);
  assert.equal(slotOf("<<"), null);
});
