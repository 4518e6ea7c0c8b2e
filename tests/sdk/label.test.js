import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { createListeners, plain } from "../../static/sdk/src/listeners.js";

for (const [written, one] of JSON.parse(readFileSync(new URL("../labels.json", import.meta.url), "utf8")))
  test(`${JSON.stringify(written)} is heard as ${JSON.stringify(one)}`, () => assert.equal(plain(written), plain(one)));

test("names that differ are not the same", () => {
  for (const [one, other] of [["Yes", "yes"], ["Sign up", "Signup"], ["Caf\u00e9", "Cafe"]]) assert.notEqual(plain(one), plain(other));
});

test("a listener hears an action whose name looks like its own", () => {
  const heard = [];
  const listeners = createListeners();
  listeners.onAction("Cafe\u0301\u200b", ({ id }) => heard.push(id));
  listeners.emit("action", { name: "Caf\u00e9", id: "a" });
  listeners.emit("action", { name: "Cafe", id: "b" });
  assert.deepEqual(heard, ["a"]);
});
