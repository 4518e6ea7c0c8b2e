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
