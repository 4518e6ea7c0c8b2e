import assert from "node:assert/strict";
import { test } from "node:test";

import { createKeep } from "../../static/sdk/src/keep.js";
import { fullStorage } from "./world.js";

test("what is kept is read by another tab, under its prefix", () => {
  const storage = {};
  createKeep("e.", storage).set("who", { userId: "ada" });
  assert.deepEqual(Object.keys(storage), ["e.who"]);
  assert.deepEqual(createKeep("e.", storage).get("who"), { userId: "ada" });
  assert.equal(createKeep("f.", storage).get("who"), undefined);
});

test("where storage takes nothing it is kept for the page", () => {
  const keep = createKeep("e.", fullStorage());
  keep.set("who", 1);
  assert.equal(keep.get("who"), 1);
});

test("where there is no storage it is kept for the page", () => {
  const keep = createKeep("e.", null);
  keep.set("who", 1);
  assert.equal(keep.get("who"), 1);
});

test("what is no JSON is nothing", () => assert.equal(createKeep("e.", { "e.who": "{" }).get("who"), undefined));

test("a change of another tab is known by its name", () => {
  const keep = createKeep("e.", {});
  assert.equal(keep.is({ key: "e.who" }, "who"), true);
  assert.equal(keep.is({ key: "who" }, "who"), false);
  assert.equal(keep.is({ key: "e.done" }, "who"), false);
});
