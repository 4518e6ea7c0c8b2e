import assert from "node:assert/strict";
import { test } from "node:test";

import { createLock } from "../../static/sdk/src/lock.js";
import { fullStorage } from "./world.js";

/** Two tabs of one browser without Web Locks. */
function tabs(storage = {}) {
  const clock = { now: 1e6 };
  const tab = (session) => createLock("lock", { storage, session, now: () => clock.now });
  return { clock, storage, one: tab("one"), other: tab("other") };
}
const never = () => new Promise(() => {});
const work = (log) => async () => void log.push("done");

test("one tab works while the other waits", async () => {
  const { one, other } = tabs();
  const log = [];
  one(never);
  assert.equal(await other(work(log)), false);
  assert.deepEqual(log, []);
});

test("a tab that is done leaves the work to the other", async () => {
  const { one, other, storage } = tabs();
  const log = [];
  assert.equal(await one(work(log)), true);
  assert.deepEqual(storage, {});
  assert.equal(await other(work(log)), true);
  assert.deepEqual(log, ["done", "done"]);
});

test("a tab that failed leaves the work to the other, too", async () => {
  const { one, storage } = tabs();
  await assert.rejects(one(async () => { throw new Error("no"); }), /no/);
  assert.deepEqual(storage, {});
});

test("the lease of a tab that died runs out after fifteen seconds", async () => {
  const { clock, one, other } = tabs();
  one(never);
  clock.now += 14999;
  assert.equal(await other(async () => {}), false);
  clock.now += 1;
  assert.equal(await other(async () => {}), true);
});

test("a lease from a time when the clock was ahead does not hold", async () => {
  const { clock, one, other } = tabs();
  one(never);
  clock.now -= 1;
  assert.equal(await other(async () => {}), true);
});

test("a tab's own lease does not keep it from working", async () => {
  const { one } = tabs();
  one(never);
  assert.equal(await one(async () => {}), true);
});

test("a tab whose lease was taken over leaves it to the other", async () => {
  const { clock, storage, one, other } = tabs();
  let done;
  const first = one(() => new Promise((finish) => (done = finish)));
  clock.now += 20000;
  other(never);
  done();
  await first;
  assert.equal(JSON.parse(storage.lock).by, "other");
});

test("a lease that is no JSON, or a storage that takes none, is no lease", async () => {
  assert.equal(await tabs({ lock: "{" }).one(async () => {}), true);
  assert.equal(await tabs(fullStorage()).one(async () => {}), true);
});

test("where the browser has locks, these decide", async () => {
  const asked = [];
  const locks = { request: async (name, options, ask) => (asked.push([name, options]), ask(asked.length === 1 ? {} : null)) };
  const lock = createLock("lock", { locks });
  const log = [];
  assert.equal(await lock(work(log)), true);
  assert.ok(!(await lock(work(log))));
  assert.deepEqual(log, ["done"]);
  assert.deepEqual(asked[0], ["lock", { ifAvailable: true }]);
});
