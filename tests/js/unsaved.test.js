import assert from "node:assert/strict";
import test from "node:test";
import { Unsaved } from "../../static/js/editor/unsaved.js";

function storage() {
  const held = new Map();
  return { getItem: (key) => held.get(key) ?? null, setItem: (key, value) => held.set(key, value), removeItem: (key) => held.delete(key), held };
}

const of = (user, message, place) => new Unsaved({ user, message }, () => place);

test("what was kept is found by the next page", () => {
  const place = storage();
  of(1, 7, place).keep({ steps: [] }, 3);
  assert.deepEqual(of(1, 7, place).found(), { draft: { steps: [] }, revision: 3 });
});

test("another person and another message find nothing", () => {
  const place = storage();
  of(1, 7, place).keep({ steps: [] }, 3);
  assert.equal(of(2, 7, place).found(), null);
  assert.equal(of(1, 8, place).found(), null);
});

test("what is saved is forgotten", () => {
  const place = storage();
  const unsaved = of(1, 7, place);
  unsaved.keep({ steps: [] }, 3);
  unsaved.forget();
  assert.equal(place.held.size, 0);
});

test("one tab does not forget the edits of another", () => {
  const place = storage();
  const first = of(1, 7, place);
  first.keep({ steps: ["first"] }, 3);
  of(1, 7, place).keep({ steps: ["second"] }, 3);
  first.forget();
  assert.deepEqual(of(1, 7, place).found().draft, { steps: ["second"] });
});

test("a storage that refuses, or holds something else, is as good as none", () => {
  const refusing = new Unsaved({ user: 1, message: 7 }, () => { throw new Error("forbidden"); });
  refusing.keep({ steps: [] }, 1);
  assert.equal(refusing.found(), null);
  const place = storage();
  for (const text of ["{", "null", "3", "{}", '{"draft":1}']) {
    place.setItem("earshot.unsaved.1.7", text);
    assert.equal(of(1, 7, place).found(), null);
  }
});
