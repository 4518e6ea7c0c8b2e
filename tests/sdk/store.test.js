import assert from "node:assert/strict";
import { test } from "node:test";

import { createLock } from "../../static/sdk/src/lock.js";
import { createStore } from "../../static/sdk/src/store/index.js";
import { storageLayer } from "../../static/sdk/src/store/layers.js";
import { fullStorage } from "./world.js";

const entry = (key) => ({ key, event: { messageId: key } });
const broken = { add: () => Promise.reject(new Error()), peek: () => Promise.reject(new Error()), remove: () => Promise.reject(new Error()) };
const hanging = { add: () => new Promise(() => {}), peek: () => new Promise(() => {}), remove: () => new Promise(() => {}) };

for (const [what, layer] of [["is refused", broken], ["hangs", hanging]]) {
  test(`where the database ${what}, localStorage keeps reports`, async () => {
    const storage = {};
    const store = createStore([layer, storageLayer("q.", storage), storageLayer("m.", {})], 20);
    await store.add(entry("b"));
    await store.add(entry("a"));
    assert.deepEqual((await store.peek(10)).map(({ key }) => key), ["a", "b"]);
    assert.equal(Object.keys(storage).length, 2);
    await store.remove(["a", "b"]);
    assert.equal(Object.keys(storage).length, 0);
  });
}

test("a database that was slow once is used again when it has answered", async () => {
  let wake;
  const slow = { ...storageLayer("d.", {}) };
  const add = slow.add;
  slow.add = async (...args) => {
    await new Promise((done) => (wake = done));
    return add(...args);
  };
  const storage = {};
  const store = createStore([slow, storageLayer("q.", storage)], 20);
  await store.add(entry("a"));
  assert.deepEqual(Object.keys(storage), ["q.a"]);
  assert.equal((await store.peek(10)).length, 1);
  wake();
  await new Promise((done) => setTimeout(done, 5));
  assert.equal((await store.peek(10)).length, 2, "in both places; the server counts it once");
  await store.remove(["a"]);
  assert.deepEqual(await store.peek(10), []);
});

test("where nothing else works, memory keeps reports as long as the page lives", async () => {
  const store = createStore([broken, storageLayer("q.", fullStorage()), storageLayer("m.", {})], 20);
  await store.add(entry("a"));
  assert.deepEqual((await store.peek(10)).map(({ key }) => key), ["a"]);
});

test("one entry that cannot be read does not hold up the others", async () => {
  const storage = {};
  const store = createStore([storageLayer("q.", storage), storageLayer("m.", {})]);
  storage["q.0"] = "{half";
  await store.add(entry("a"));
  assert.deepEqual((await store.peek(10)).map(({ key }) => key), ["a"]);
});

test("without Web Locks a lease lets one tab send, and runs out with its tab", async () => {
  const storage = {};
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

test("a lease from a clock that has been set back since binds nobody", async () => {
  const storage = { lease: JSON.stringify({ by: "one", until: 90000 }) };
  assert.equal(await createLock("lease", { storage, session: "other", now: () => 1000 })(async () => {}), true);
});

test("without any storage a page sends by itself", async () => {
  assert.equal(await createLock("lease", { storage: null, session: "one", now: () => 1000 })(async () => {}), true);
});

test("a layer that holds more than it may drops the oldest, and says which", async () => {
  const layer = storageLayer("q.", {});
  for (const key of ["c", "a"]) assert.deepEqual(await layer.add(entry(key), 2), []);
  assert.deepEqual(await layer.add(entry("b"), 2), ["a"]);
  assert.deepEqual((await layer.peek(10)).map(({ key }) => key), ["b", "c"]);
});
