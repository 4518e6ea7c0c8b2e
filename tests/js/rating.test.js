// The points of each scale, as they are drawn, said and asked for by branches.
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { makePage } from "../page.js";

let rating, page;
before(async () => {
  page = makePage("<main id=message></main>");
  ({ default: rating } = await import("../../static/blocks/rating.js"));
});

const POINTS = { // as messaging/blocks/rating.py sends them
  stars: ["1", "2", "3", "4", "5"], emoji: ["1", "2", "3", "4", "5"], csat: ["1", "2", "3", "4", "5"],
  nps: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], ces: ["1", "2", "3", "4", "5", "6", "7"], thumbs: ["0", "1"],
};

function drawn(scale, over = {}) {
  const taps = [];
  const options = POINTS[scale].map((value) => ({ id: `a.${value}`, text: value, value }));
  const element = rating.draw({ id: "r", scale, options, ...over }, { tap: (action) => taps.push(action.value) });
  page.document.getElementById("message").replaceChildren(element);
  return { element, taps, points: [...element.querySelectorAll("[role=radio]")] };
}

for (const [scale, points] of Object.entries(POINTS)) {
  test(`${scale} is drawn with as many points, each with words of its own`, () => {
    const { points: found, taps } = drawn(scale);
    assert.equal(found.length, points.length);
    const labels = found.map((one) => one.getAttribute("aria-label"));
    assert.equal(new Set(labels).size, points.length);
    assert.ok(labels.every((label) => label && !label.includes("undefined")));
    found.at(-1).click();
    assert.deepEqual(taps, [points.at(-1)]);
  });

  test(`branches ask for the points of ${scale} by their numbers`, () => {
    assert.deepEqual(rating.answers({ scale }).map(([key]) => key), points);
    assert.equal(rating.answerOf({}, { value: points[0] }), points[0]);
  });
}

test("numbers are written, stars, faces and thumbs are drawn", () => {
  for (const scale of ["nps", "csat", "ces"]) {
    assert.equal(drawn(scale).element.textContent, POINTS[scale].join(""));
    assert.ok(drawn(scale).element.classList.contains("is-numbers"));
  }
  for (const scale of ["stars", "emoji", "thumbs"]) {
    assert.equal(drawn(scale).element.textContent, "");
    assert.equal(drawn(scale).element.querySelectorAll("svg").length, POINTS[scale].length);
  }
});

test("thumbs are said in words, down before up", () => {
  assert.deepEqual(drawn("thumbs").points.map((one) => one.getAttribute("aria-label")), ["Thumb down", "Thumb up"]);
});
