import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import DOMPurify from "dompurify";

import { optionsOf, safeDraft, safeFragment } from "../../static/renderer/markup.js";
import { makePage } from "../page.js";

const RULES = { tags: ["p", "b", "a"], attributes: { "*": ["class"], a: ["href"] }, schemes: ["https", "mailto"] };

let page;
beforeEach(() => {
  page ??= makePage(`<script type="application/json" id="markup-rules">${JSON.stringify(RULES)}</script>`); // it is read once
  page.window.DOMPurify = DOMPurify;
});

function html(fragment) {
  const root = page.document.createElement("div");
  root.append(fragment);
  return root.innerHTML;
}

for (const [given, wanted] of [
  ['<p class="x">one <b>two</b></p>', '<p class="x">one <b>two</b></p>'],
  ["<h1>one</h1>", "one"],
  ["<script>alert(1)</script>", ""],
  ['<p onclick="alert(1)" id="x" style="color:red">one</p>', "<p>one</p>"],
  ['<p href="https://a.example">one</p>', "<p>one</p>"],
  ['<a href="https://a.example" class="x">one</a>', '<a href="https://a.example" class="x">one</a>'],
  ['<a href="mailto:a@example.org">one</a>', '<a href="mailto:a@example.org">one</a>'],
  ['<a href="HTTPS://a.example">one</a>', '<a href="HTTPS://a.example">one</a>'],
  ['<a href="/here">one</a>', '<a href="/here">one</a>'],
  ['<a href="javascript:alert(1)">one</a>', "<a>one</a>"],
  ['<a href="http://a.example">one</a>', "<a>one</a>"],
  ['<p data-x="1" aria-label="x">one</p>', "<p>one</p>"],
  ["<svg><a href='https://a.example'>one</a></svg>", ""],
  ["", ""],
  [null, ""],
])
  test(`of ${given} remains ${wanted || "nothing"}`, () => assert.equal(html(safeFragment(given)), wanted));

test("it is a fragment, in which nothing loads before it is placed", () => assert.equal(safeFragment("<p>x</p>").nodeType, 11));

for (const [given, text] of [
  ["{{ customer.name }}", "{{ customer.name }}"],
  ['{% if a < 3 and b > "x" & c %}', '{% if a < 3 and b > "x" & c %}'],
  ["{{ a }} <b>b</b> {{ '<b>' }}", "{{ a }} b {{ '<b>' }}"],
  ["{% if a\n< 3 %}", "{% if a\n< 3 %}"],
  ["", ""],
  [null, ""],
])
  test(`the Liquid of a draft stays text: ${given}`, () => assert.equal(safeDraft(given).textContent, text));

test("Liquid stays text in an attribute, too", () =>
  assert.equal(html(safeDraft('<a href="https://a.example/{{ "x" }}">one</a>')), '<a href="https://a.example/{{ &quot;x&quot; }}">one</a>'));

test("the options name the tags and all attributes of the list", () => {
  const { ALLOWED_TAGS, ALLOWED_ATTR, ALLOWED_URI_REGEXP } = optionsOf(RULES);
  assert.deepEqual(ALLOWED_TAGS, ["p", "b", "a", "#text"]);
  assert.deepEqual(ALLOWED_ATTR, ["class", "href"]);
  for (const good of ["https://x", "mailto:x", "/x", "#x", "?x", "x/y", "x"]) assert.match(good, ALLOWED_URI_REGEXP);
  for (const bad of ["http://x", "javascript:x", "data:x", "xhttps://x:y"]) assert.doesNotMatch(bad, ALLOWED_URI_REGEXP);
});
