import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { listenForClosing } from "../../static/renderer/gestures.js";
import { setInstance } from "../../static/renderer/host.js";
import { makePage } from "../page.js";

let page, root, told;

beforeEach(() => {
  page = makePage('<main id="message"></main>');
  root = page.document.getElementById("message");
  told = [];
  Object.defineProperty(page.window, "parent", { configurable: true, value: { postMessage: ({ gist }) => told.push(gist.method) } });
  setInstance("i1");
});

const press = (key) => page.document.dispatchEvent(new KeyboardEvent("keydown", { key }));
const touch = (type, list, x, y) => root.dispatchEvent(Object.assign(new Event(type), { [list]: [{ clientX: x, clientY: y }] }));
const swipe = (across, along) => {
  touch("touchstart", "touches", 100, 100);
  touch("touchend", "changedTouches", 100 + across, 100 + along);
};
const listen = (content) => listenForClosing(root, () => content);
const of = (type, over = {}, button = false) => ({ display: { type, ...over }, close_button: button });

for (const [name, content, escape, swiped] of [
  ["a modal", of("modal"), true, false],
  ["a message without settings", {}, true, false],
  ["a modal that stays", of("modal", { outside_dismisses: false }), false, false],
  ["a modal that stays, with a close button", of("modal", { outside_dismisses: false }, true), false, false],
  ["a banner", of("banner"), true, true],
  ["a banner that stays", of("banner", { outside_dismisses: false }), false, false],
  ["a banner that stays, with a close button", of("banner", { outside_dismisses: false }, true), true, true],
  ["an inline message", of("inline"), false, false],
  ["an inline message with a close button", of("inline", {}, true), false, false],
  ["no message", null, false, false],
])
  test(`${name} is ${escape ? "" : "not "}closed by Esc and ${swiped ? "" : "not "}by a swipe`, () => {
    listen(content);
    press("Escape");
    assert.deepEqual(told, escape ? ["escape"] : []);
    told = [];
    swipe(60, 0);
    assert.deepEqual(told, swiped ? ["swipe"] : []);
  });

test("another key closes nothing", () => {
  listen(of("modal"));
  press("Enter");
  assert.deepEqual(told, []);
});

for (const [across, along, is] of [[48, 0, true], [47, 47, false], [0, -48, true], [-48, 0, true], [0, 48, true], [0, 0, false], [10, 90, true]])
  test(`a finger that moves by ${across}, ${along} ${is ? "swipes" : "does not swipe"}`, () => {
    listen(of("banner"));
    swipe(across, along);
    assert.deepEqual(told, is ? ["swipe"] : []);
  });

test("a finger that was not put down here does not swipe, nor does the end of one twice", () => {
  listen(of("banner"));
  touch("touchend", "changedTouches", 500, 500);
  swipe(60, 0);
  touch("touchend", "changedTouches", 500, 500);
  assert.deepEqual(told, ["swipe"]);
});
