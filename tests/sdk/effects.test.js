import assert from "node:assert/strict";
import { test } from "node:test";

import { safeUrl } from "../../static/sdk/src/effects.js";
import { createMemory } from "../../static/sdk/src/memory.js";
import { placeOf } from "../../static/sdk/src/place.js";

const BASE = "https://app.example/notes?x=1";

test("pages, mails and calls are opened, relative addresses too", () => {
  assert.equal(safeUrl("https://e.org/a?b#c", BASE), "https://e.org/a?b#c");
  assert.equal(safeUrl("/plans", BASE), "https://app.example/plans");
  assert.equal(safeUrl("mailto:a@b.c", BASE), "mailto:a@b.c");
  assert.equal(safeUrl("tel:+44", BASE), "tel:+44");
});

test("nothing that could run is ever opened, however it is written", () => {
  for (const url of ["javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "blob:https://a/b", "file:///etc/passwd", ""]) {
    assert.equal(safeUrl(url, BASE), "", url);
    assert.equal(safeUrl(url, BASE, true), "", url);
  }
});

test("an app's own scheme is opened by a deep link alone", () => {
  assert.equal(safeUrl("northwind://note/7", BASE), "");
  assert.equal(safeUrl("northwind://note/7", BASE, true), "northwind://note/7");
});

test("a message goes where its settings say", () => {
  const place = (gist) => placeOf({ properties: { gist } });
  assert.deepEqual([place({}).kind, place({}).slot], ["modal", "#"]);
  assert.deepEqual([place({ elementId: "x-gist-top" }).kind, place({ elementId: "x-gist-top" }).slot], ["banner", "top"]);
  assert.equal(place({ elementId: "x-gist-floating-bottom-left" }).place, "bottom");
  assert.equal(place({ elementId: "#slot" }).kind, "inline");
});

test("a snoozed message comes again once its time has come, once", () => {
  const kept = {};
  let now = 0;
  const memory = createMemory({ keep: { get: (name) => kept[name], set: (name, value) => (kept[name] = value) }, identity: { get: () => ({ userId: "ada" }) }, now: () => now });
  memory.snooze({ queueId: "t", priority: 1 }, 30);
  memory.finish("t");
  assert.deepEqual(memory.awake(), []);
  now = 30 * 60000;
  assert.deepEqual(memory.awake(), [{ queueId: "t", priority: 1, woken: true }]);
  assert.equal(memory.isDone("t"), false);
  assert.deepEqual(memory.awake(), []);
});

test("an opening is news once", () => {
  const kept = {};
  const memory = createMemory({ keep: { get: (name) => kept[name], set: (name, value) => (kept[name] = value) }, identity: { get: () => ({ userId: "ada" }) }, now: () => 0 });
  assert.equal(memory.open("t"), true);
  assert.equal(memory.open("t"), false);
});
