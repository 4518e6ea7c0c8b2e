import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { choose, roving } from "../../static/renderer/options.js";
import { makePage } from "../page.js";

let page, group, options;

beforeEach(() => {
  page = makePage('<div role="radiogroup"><button role="radio"><i></i></button><button role="radio"></button><button role="radio"></button></div>');
  group = page.document.querySelector("div");
  options = [...group.querySelectorAll("button")];
});

const stops = () => options.map(({ tabIndex }) => tabIndex);
function press(option, key) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  option.dispatchEvent(event);
  return event.defaultPrevented;
}
const focused = () => options.indexOf(page.document.activeElement);

test("a group is one stop, at its first", () => {
  assert.equal(roving(group), group);
  assert.deepEqual(stops(), [0, -1, -1]);
});

test("a group without options has no stop", () => {
  const empty = page.document.createElement("div");
  assert.equal(roving(empty), empty);
});

for (const [key, from, to] of [
  ["ArrowRight", 0, 1],
  ["ArrowDown", 0, 1],
  ["ArrowLeft", 1, 0],
  ["ArrowUp", 1, 0],
  ["ArrowRight", 2, 0],
  ["ArrowLeft", 0, 2],
  ["Home", 2, 0],
  ["End", 0, 2],
])
  test(`${key} goes from ${from} to ${to}, and chooses nothing`, () => {
    roving(group);
    assert.equal(press(options[from], key), true);
    assert.equal(focused(), to);
    assert.deepEqual(stops(), [0, 1, 2].map((at) => (at === to ? 0 : -1)));
    assert.equal(group.querySelector("[aria-checked=true]"), null);
  });

for (const [key, to] of [["ArrowRight", 0], ["ArrowLeft", 2], ["ArrowDown", 2], ["ArrowUp", 0]])
  test(`${key} goes from 1 to ${to} where it is read from right to left`, () => {
    group.style.direction = "rtl";
    roving(group);
    press(options[1], key);
    assert.equal(focused(), to);
  });

test("another key is left to the page", () => {
  roving(group);
  for (const key of ["Enter", " ", "Tab", "a"]) assert.equal(press(options[0], key), false);
  assert.deepEqual(stops(), [0, -1, -1]);
});

test("a key inside an option moves from that option", () => {
  roving(group);
  press(options[0].querySelector("i"), "ArrowRight");
  assert.equal(focused(), 1);
});

test("a key beside the options moves nothing", () => {
  roving(group);
  assert.equal(press(group, "ArrowRight"), false);
  assert.deepEqual(stops(), [0, -1, -1]);
});

test("the chosen one is checked, those before it are passed, and the group is answered", () => {
  roving(group);
  choose(options[1]);
  assert.deepEqual(options.map((option) => option.getAttribute("aria-checked")), ["false", "true", "false"]);
  assert.deepEqual(options.map((option) => option.classList.contains("is-passed")), [true, true, false]);
  assert.equal(group.classList.contains("is-answered"), true);
  assert.deepEqual(stops(), [-1, 0, -1]);
});

test("choosing another takes the first choice back", () => {
  choose(options[2]);
  choose(options[0]);
  assert.deepEqual(options.map((option) => option.getAttribute("aria-checked")), ["true", "false", "false"]);
  assert.deepEqual(options.map((option) => option.classList.contains("is-passed")), [true, false, false]);
});
