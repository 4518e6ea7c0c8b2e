import assert from "node:assert/strict";
import { test } from "node:test";

import { createIdentity } from "../../static/sdk/src/identity.js";
import { createKeep } from "../../static/sdk/src/keep.js";
import { createMemory } from "../../static/sdk/src/memory.js";

function makeBrowser() {
  const clock = { now: 0 };
  let count = 0;
  const keep = createKeep("e.", {});
  const identity = createIdentity({ keep, uuid: () => `id${(count += 1)}` });
  return { clock, identity, memory: createMemory({ keep, identity, now: () => clock.now }) };
}

const message = (queueId) => ({ queueId, priority: 1 });
const ids = (messages) => messages.map(({ queueId }) => queueId);

test("a snoozed message comes back to the person who snoozed it, and to nobody else", () => {
  const { clock, identity, memory } = makeBrowser();
  identity.identify("user-1");
  memory.snooze(message("d1"), 1);
  clock.now = 61000;
  identity.identify("user-2");
  assert.deepEqual(memory.awake(), []);
  identity.reset();
  assert.deepEqual(memory.awake(), []);
  identity.identify("user-1");
  assert.deepEqual(ids(memory.awake()), ["d1"]);
  assert.deepEqual(memory.awake(), []);
});

test("what a stranger snoozed comes back to the person they turn out to be", () => {
  const { clock, identity, memory } = makeBrowser();
  memory.snooze(message("d1"), 1);
  identity.identify("user-1");
  clock.now = 61000;
  assert.deepEqual(ids(memory.awake()), ["d1"]);
});

test("after more messages than are remembered, the newest are remembered", () => {
  const { memory } = makeBrowser();
  for (let at = 0; at < 450; at += 1) memory.finish(`d${at}`);
  assert.equal(memory.isDone("d449"), true);
  assert.equal(memory.isDone("d251"), true);
  assert.equal(memory.isDone("d0"), false);
});

test("a message is opened once", () => {
  const { memory } = makeBrowser();
  assert.deepEqual([memory.open("d1"), memory.open("d1"), memory.open("d2")], [true, false, true]);
});

test("exactly two hundred are remembered, each once, and the oldest goes first", () => {
  const { memory } = makeBrowser();
  for (let at = 0; at < 200; at += 1) memory.finish(`d${at}`);
  memory.finish("d199");
  assert.equal(memory.isDone("d0"), true);
  memory.finish("d200");
  assert.deepEqual([memory.isDone("d0"), memory.isDone("d1"), memory.isDone("d200")], [false, true, true]);
});

test("what is done and what is opened are two lists", () => {
  const { memory } = makeBrowser();
  memory.finish("d1");
  assert.equal(memory.open("d1"), true);
  memory.open("d2");
  assert.equal(memory.isDone("d2"), false);
});

test("a snoozed message comes back when its minutes are over, not a moment before", () => {
  const { clock, memory } = makeBrowser();
  memory.snooze(message("d1"), 2);
  clock.now = 119999;
  assert.deepEqual(memory.awake(), []);
  clock.now = 120000;
  assert.deepEqual(memory.awake(), [{ queueId: "d1", priority: 1, woken: true }]);
});

test("a message that comes back is not done any more; others stay done", () => {
  const { clock, memory } = makeBrowser();
  for (const id of ["d1", "d2"]) memory.finish(id);
  memory.snooze(message("d1"), 1);
  clock.now = 60000;
  memory.awake();
  assert.deepEqual([memory.isDone("d1"), memory.isDone("d2")], [false, true]);
});

test("a message that is snoozed again waits for the later time, and others keep theirs", () => {
  const { clock, memory } = makeBrowser();
  memory.snooze(message("d1"), 1);
  memory.snooze(message("d2"), 1);
  memory.snooze(message("d1"), 5);
  clock.now = 60000;
  assert.deepEqual(ids(memory.awake()), ["d2"]);
  clock.now = 300000;
  assert.deepEqual(ids(memory.awake()), ["d1"]);
});

test("of two strangers each gets their own", () => {
  const { clock, identity, memory } = makeBrowser();
  memory.snooze(message("d1"), 1);
  identity.reset();
  memory.snooze(message("d2"), 1);
  clock.now = 60000;
  assert.deepEqual(ids(memory.awake()), ["d2"]);
});
