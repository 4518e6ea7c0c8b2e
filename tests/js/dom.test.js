import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { h, svg } from "../../static/renderer/dom.js";
import { outline } from "../../static/renderer/outline.js";
import { makePage } from "../page.js";

beforeEach(() => makePage());

test("an element has its attributes and its children, texts among them", () => {
  const element = h("p", { class: "x", "data-n": 0, title: "" }, "one ", h("b", {}, "two"), null, undefined, 3);
  assert.equal(element.outerHTML, '<p class="x" data-n="0" title="">one <b>two</b>3</p>');
});

test("text is text, never markup", () => assert.equal(h("p", {}, "<b>").innerHTML, "&lt;b&gt;"));

test("an attribute that is not given is left out, and one that is true is empty", () =>
  assert.equal(h("input", { a: undefined, b: null, c: false, d: true }).outerHTML, '<input d="">'));

test("what begins with on is listened to, and is no attribute", () => {
  let taps = 0;
  const element = h("button", { onclick: () => (taps += 1) });
  element.click();
  assert.equal(taps, 1);
  assert.equal(element.outerHTML, "<button></button>");
});

test("an element without anything is empty", () => assert.equal(h("hr").outerHTML, "<hr>"));

test("a drawing is in the namespace of drawings", () => {
  const drawn = svg("svg", { viewBox: "0 0 1 1" }, svg("path"));
  assert.equal(drawn.namespaceURI, "http://www.w3.org/2000/svg");
  assert.equal(drawn.firstChild.namespaceURI, "http://www.w3.org/2000/svg");
  assert.equal(drawn.getAttribute("viewBox"), "0 0 1 1");
});

const levels = (html, above) => {
  const root = h("div");
  root.innerHTML = html;
  assert.equal(outline(root, above), root);
  return [...root.children].map((heading) => heading.getAttribute("aria-level"));
};

for (const [html, wanted] of [
  ["<h1></h1>", ["2"]],
  ["<h2></h2>", ["2"]],
  ["<h4></h4>", ["2"]],
  ["<h2></h2><h4></h4>", ["2", "3"]],
  ["<h2></h2><h3></h3><h4></h4><h4></h4>", ["2", "3", "4", "4"]],
  ["<h3></h3><h1></h1><h3></h3>", ["2", "2", "3"]],
  ["<p></p><h2></h2>", [null, "2"]],
])
  test(`the headings of ${html} are read at ${wanted}`, () => assert.deepEqual(levels(html), wanted));

test("below a heading of the page the first stands one lower", () => assert.deepEqual(levels("<h4></h4><h2></h2>", 2), ["3", "2"]));
