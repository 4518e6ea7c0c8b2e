import assert from "node:assert/strict";
import { test } from "node:test";

import { createListeners } from "../../static/sdk/src/listeners.js";

test("everybody who listens hears, until they stop", () => {
  const { on, off, emit } = createListeners();
  const heard = [];
  const listener = (detail) => heard.push(detail);
  on("action", listener);
  const stop = on("action", (detail) => heard.push(`too ${detail}`));
  emit("action", 1);
  stop();
  emit("action", 2);
  off("action", listener);
  emit("action", 3);
  assert.deepEqual(heard, [1, "too 1", 2]);
});

test("a listener that throws, or rejects, spoils nothing and is reported", async () => {
  const wrong = [];
  const heard = [];
  const { on, emit } = createListeners((error) => wrong.push(error.message));
  on("action", () => {
    throw new Error("thrown");
  });
  on("action", async () => {
    throw new Error("rejected");
  });
  on("action", (detail) => heard.push(detail));
  emit("action", 1);
  await null;
  await null;
  assert.deepEqual(heard, [1]);
  assert.deepEqual(wrong.sort(), ["rejected", "thrown"]);
});

test("a listener by action name hears that name alone", () => {
  const { onAction, emit } = createListeners();
  const heard = [];
  onAction("Dark mode", (action) => heard.push(action.value));
  emit("action", { name: "Dark mode", value: "on" });
  emit("action", { name: "dark mode", value: "off" });
  assert.deepEqual(heard, ["on"]);
});

test("a listener may stop listening while it is told", () => {
  const { on, emit } = createListeners();
  let count = 0;
  const stop = on("action", () => {
    count += 1;
    stop();
  });
  emit("action");
  emit("action");
  assert.equal(count, 1);
});

test("what a listener throws is told by the page as its own, and spoils nothing", (t) => {
  const thrown = [];
  t.mock.method(globalThis, "setTimeout", (work) => {
    try {
      work();
    } catch (error) {
      thrown.push(error.message);
    }
  });
  const listeners = createListeners();
  const heard = [];
  listeners.on("x", () => { throw new Error("odd"); });
  listeners.on("x", () => heard.push(1));
  listeners.emit("x");
  assert.deepEqual([thrown, heard], [["odd"], [1]]);
});
