import assert from "node:assert/strict";
import { test } from "node:test";

import { createLock } from "../../static/sdk/src/lock.js";
import { createStore } from "../../static/sdk/src/store/index.js";
import { memoryLayer, storageLayer } from "../../static/sdk/src/store/layers.js";
import { FakeStorage } from "./world.js";

const entry = (key) => ({ key, event: { messageId: key } });
const broken = { add: () => Promise.reject(new Error()), peek: () => Promise.reject(new Error()), remove: () => Promise.reject(new Error()), count: () => Promise.reject(new Error()) };
const hanging = { add: () => new Promise(() => {}), peek: () => new Promise(() => {}), remove: () => new Promise(() => {}), count: () => new Promise(() => {}) };

for (const [what, layer] of [["is refused", broken], ["hangs", hanging]]) {
  test(`where the database ${what}, localStorage keeps reports`, async () => {
    const storage = new FakeStorage();
    const store = createStore([layer, storageLayer("q.", storage), memoryLayer()], 20);
    await store.add(entry("b"));
    await store.add(entry("a"));
    assert.deepEqual((await store.peek(10)).map(({ key }) => key), ["a", "b"]);
    assert.equal(await store.count(), 2);
    assert.equal(Object.keys(storage).length, 2);
    await store.remove(["a", "b"]);
    assert.equal(Object.keys(storage).length, 0);
  });
}

test("where nothing else works, memory keeps reports as long as the page lives", async () => {
  const store = createStore([broken, storageLayer("q.", new FakeStorage(true)), memoryLayer()], 20);
  await store.add(entry("a"));
  assert.equal(await store.count(), 1);
});

test("one entry that cannot be read does not hold up the others", async () => {
  const storage = new FakeStorage();
  const store = createStore([storageLayer("q.", storage), memoryLayer()]);
  storage.setItem("q.0", "{half");
  await store.add(entry("a"));
  assert.deepEqual((await store.peek(10)).map(({ key }) => key), ["a"]);
});

test("without Web Locks a lease lets one tab send, and runs out with its tab", async () => {
  const storage = new FakeStorage();
  let now = 1000;
  const make = (session) => createLock("lease", { storage, session, now: () => now });
  const one = make("one");
  const other = make("other");
  let release;
  const held = one(() => new Promise((done) => (release = done)));
  assert.equal(await other(async () => {}), false);
  now += 20000; // the first tab was killed
  assert.equal(await other(async () => {}), true);
  release();
  assert.equal(await held, true);
  assert.equal(await other(async () => {}), true);
});
