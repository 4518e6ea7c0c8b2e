import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import DOMPurify from "dompurify";

import { makePage } from "../page.js";

const RULES = { tags: ["p", "h1", "h3"], attributes: {}, schemes: ["https"] };
const KINDS = ["text", "image", "button", "rating", "choice"];
const HEAD = `<script type="application/json" id="markup-rules">${JSON.stringify(RULES)}</script>
  <script type="application/json" id="block-kinds">${JSON.stringify(KINDS)}</script><main id="message"></main>`;

let page, root, draw, kinds;
before(async () => {
  page = makePage(HEAD);
  page.window.DOMPurify = DOMPurify;
  kinds = await import("../../static/renderer/kinds.js");
  await kinds.loaded;
  draw = await import("../../static/renderer/draw.js");
});
beforeEach(() => (root = page.document.getElementById("message")));

const text = (id, html) => ({ kind: "text", id, html });
const button = (id, style) => ({ kind: "button", id, style, action: { id: `a-${id}`, text: `Tap ${id}`, name: id } });
const choice = (id) => ({ kind: "choice", id, options: [{ id: "x", text: "X", name: "X" }, { id: "y", text: "Y", name: "Y" }] });
const CLOSE = { id: "close", name: "Dismissed", text: "Close it" };

function drawn(blocks, { content = {}, step = {}, tap = () => {} } = {}) {
  const shown = { id: "s1", blocks, ...step };
  const whole = { steps: [shown], close: CLOSE, ...content };
  return draw.drawStep(root, whole, shown, { tap });
}

test("a step is a card in place of what stood there", () => {
  drawn([text("t1", "<p>one</p>")]);
  const card = drawn([text("t2", "<p>two</p>")]);
  assert.deepEqual([...root.children], [card]);
  assert.equal(card.textContent, "two");
  assert.equal(card.dataset.step, "s1");
  assert.equal(card.tabIndex, -1);
  assert.equal(card.getAttribute("dir"), "auto");
});

for (const [content, name] of [
  [{}, "card is-modal"],
  [{ display: { type: "banner" } }, "card is-banner"],
  [{ display: { type: "inline" }, close_button: true }, "card is-inline has-close"],
  [{ display: {} }, "card is-modal"],
])
  test(`the card of ${JSON.stringify(content)} is "${name}"`, () => assert.equal(drawn([], { content }).className, name));

test("a card is named by its first text, else by its step, else it is a message", () => {
  const first = drawn([button("b"), text("t1", "<p>one</p>"), text("t2", "<p>two</p>")]);
  assert.equal(first.getAttribute("aria-labelledby"), "text-t1");
  assert.equal(first.getAttribute("aria-label"), null);
  assert.equal(first.querySelector("#text-t1").textContent, "one");
  const named = drawn([button("b")], { step: { name: "Ask" } });
  assert.equal(named.getAttribute("aria-label"), "Ask");
  assert.equal(named.getAttribute("aria-labelledby"), null);
  assert.equal(drawn([]).getAttribute("aria-label"), "Message");
});

test("a step without blocks is an empty card", () => assert.equal(drawn(undefined).querySelector(".body").children.length, 0));

test("buttons beside each other share a row, and a link or a text ends it", () => {
  const card = drawn([button("1", "primary"), button("2", "secondary"), text("t", "<p>x</p>"), button("3"), button("4", "link"), button("5")]);
  const shape = [...card.querySelector(".body").children].map((one) => (one.className === "buttons" ? one.children.length : one.dataset.block));
  assert.deepEqual(shape, [2, "t", 1, "4", 1]);
});

test("a question is named by the text above it, the nearest", () => {
  const card = drawn([text("t1", "<p>one</p>"), text("t2", "<p>two</p>"), choice("c1"), choice("c2")]);
  for (const group of card.querySelectorAll("[role=radiogroup]")) {
    assert.equal(group.getAttribute("aria-labelledby"), "text-t2");
    assert.equal(group.getAttribute("aria-label"), null);
  }
});

test("a question without a text above it is named all the same", () => {
  const group = drawn([choice("c1")]).querySelector("[role=radiogroup]");
  assert.equal(group.getAttribute("aria-label"), "Your answer");
  assert.equal(group.getAttribute("aria-labelledby"), null);
});

test("the points of a rating are a question, too", () => {
  const rating = { kind: "rating", id: "r", scale: "nps", options: [{ id: "r.0", value: "0" }] };
  assert.equal(drawn([text("t", "<p>one</p>"), rating]).querySelector("[role=radiogroup]").getAttribute("aria-labelledby"), "text-t");
});

test("a kind that the page does not know, and an image without an address, are left out", () => {
  const card = drawn([{ kind: "hologram", id: "h" }, { kind: "image", id: "i", url: "" }, button("b")]);
  assert.deepEqual([...card.querySelectorAll("[data-block]")].map((one) => one.dataset.block), ["b"]);
});

test("headings are read in order", () =>
  assert.deepEqual([...drawn([text("t", "<h1>a</h1><h3>b</h3>")]).querySelectorAll("h1,h3")].map((one) => one.getAttribute("aria-level")), ["2", "3"]));

test("a tap on a button is a tap on its action", () => {
  const taps = [];
  drawn([button("1")], { tap: (...args) => taps.push(args) }).querySelector("button").click();
  assert.deepEqual(taps, [[{ id: "a-1", text: "Tap 1", name: "1" }]]);
});

test("there is a close button where the author wants one, which says how it was closed", () => {
  const taps = [];
  const card = drawn([choice("c")], { content: { close_button: true }, tap: (...args) => taps.push(args) });
  const close = card.querySelector(".close");
  assert.equal(close.getAttribute("aria-label"), "Close it");
  assert.equal(close.dataset.action, "close");
  assert.equal(close.type, "button");
  assert.ok(close.querySelector("svg path"));
  close.click();
  assert.deepEqual(taps, [[CLOSE, "close"]]);
  assert.equal(drawn([]).querySelector(".close"), null);
});

test("a close button without words is called Close", () =>
  assert.equal(drawn([], { content: { close_button: true, close: { id: "close" } } }).querySelector(".close").getAttribute("aria-label"), "Close"));

test("of several steps a row of dots shows where one is", () => {
  const to = (id) => [{ kind: "button", id: `b-${id}`, action: { id: `to-${id}`, name: "On", behaviour: { kind: "step", value: id } } }];
  const steps = [{ id: "s1", blocks: to("s2") }, { id: "s2", blocks: to("s3") }, { id: "s3" }];
  const card = draw.drawStep(root, { steps, close: CLOSE }, steps[1], {});
  const dots = card.querySelector(".progress");
  assert.equal(dots.getAttribute("aria-label"), "Step 2 of 3");
  assert.deepEqual([...dots.children].map((dot) => dot.className), ["", "is-here", ""]);
  const two = [{ id: "s1", blocks: to("s2") }, { id: "s2" }];
  assert.ok(draw.drawStep(root, { steps: two, close: CLOSE }, two[0], {}).querySelector(".progress"));
  assert.equal(drawn([]).querySelector(".progress"), null);
});

test("on a thank-you step the close button closes without an answer", () => {
  const steps = [{ id: "s1", blocks: [button("b")] }, { id: "s2", blocks: [text("t", "<p>Thanks</p>")] }];
  const taps = [];
  draw.drawStep(root, { steps, close: CLOSE, close_button: true }, steps[1], { tap: (action) => taps.push(action) }).querySelector(".close").click();
  assert.equal(taps[0].track, false);
});

test("the card's colours are those of its accent, by light or dark", () => {
  draw.paint(root, { accent: "#ff0000" }, false);
  assert.equal(page.document.documentElement.dataset.scheme, "light");
  assert.equal(root.style.getPropertyValue("--ground"), "rgb(255 255 255)");
  draw.paint(root, { accent: "#ff0000" }, true);
  assert.equal(page.document.documentElement.dataset.scheme, "dark");
  assert.equal(root.style.getPropertyValue("--ground"), "rgb(28 31 38)");
});

test("a block's element says which block it is", () => {
  assert.equal(kinds.drawBlock(button("b"), {}).dataset.block, "b");
  assert.equal(kinds.drawBlock({ kind: "hologram" }, {}), null);
});
