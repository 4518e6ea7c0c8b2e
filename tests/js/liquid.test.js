import assert from "node:assert/strict";
import test from "node:test";
import { draftOf } from "../../static/js/lib/liquid.js";
import { optionsOf } from "../../static/renderer/markup.js";
import { outline } from "../../static/renderer/outline.js";

test("Liquid is kept as it was typed, whatever an editable element makes of it", () => {
  assert.equal(draftOf("<p>{% if a &lt; 5 &amp;&amp; b &gt; 6 %}x{% endif %}</p>"), "<p>{% if a < 5 && b > 6 %}x{% endif %}</p>");
});

test("an entity that was typed within Liquid stays one", () => {
  assert.equal(draftOf("{{ a | default: '&amp;lt;' }}"), "{{ a | default: '&lt;' }}");
});

test("what stands outside of Liquid stays HTML", () => {
  assert.equal(draftOf("<p>1 &lt; 2 &amp; 3</p>"), "<p>1 &lt; 2 &amp; 3</p>");
});

test("levels of headings are the page's, and stay out of the draft", () => {
  assert.equal(draftOf('<h4 aria-level="3" dir="rtl">x</h4>'), '<h4 dir="rtl">x</h4>');
});

const heading = (localName) => ({ localName, setAttribute(_, level) { this.level = level; } });

for (const [names, above, levels] of [
  [["h2", "h3"], 1, [2, 3]],
  [["h1", "h4", "h4", "h2"], 1, [2, 3, 4, 2]],
  [["h4"], 1, [2]],
  [["h4", "h4"], 2, [3, 4]],
]) {
  test(`${names} below level ${above} are read as ${levels}`, () => {
    const found = names.map(heading);
    outline({ querySelectorAll: () => found }, above);
    assert.deepEqual(found.map((one) => one.level), levels);
  });
}

const options = optionsOf({ tags: ["p", "a"], attributes: { "*": ["dir"], a: ["href"] }, schemes: ["http", "https", "mailto"] });

test("the sanitiser allows what the server's list names, and nothing besides", () => {
  assert.deepEqual(options.ALLOWED_TAGS, ["p", "a", "#text"]);
  assert.deepEqual(options.ALLOWED_ATTR, ["dir", "href"]);
});

for (const [href, allowed] of [
  ["https://example.com", true], ["mailto:a@example.com", true], ["/path", true], ["{{ properties.link }}", true],
  ["javascript:alert(1)", false], ["JaVaScRiPt:alert(1)", false], ["data:text/html,x", false], ["tel:1", false],
]) {
  test(`${href} ${allowed ? "may" : "may not"} be a link`, () => assert.equal(options.ALLOWED_URI_REGEXP.test(href), allowed));
}
