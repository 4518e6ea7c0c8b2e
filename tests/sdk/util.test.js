import assert from "node:assert/strict";
import { test } from "node:test";

import { attempt, base64, ignore, utf8, uuid, warn, within } from "../../static/sdk/src/util.js";
import { makeClock } from "../page.js";

test("a promise that is in time gives what it gives", async () => assert.equal(await within(Promise.resolve(1), 50), 1));

test("a promise that fails fails", () => assert.rejects(within(Promise.reject(new Error("no")), 50), /no/));

test("a promise that takes too long is given up", async () => {
  const clock = makeClock();
  let ended = "";
  within(new Promise(() => {}), 300).catch(() => (ended = "late"));
  await clock.pass(299);
  assert.equal(ended, "");
  await clock.pass(1);
  assert.equal(ended, "late");
});

test("what the browser refuses is nothing", () => {
  assert.equal(attempt(() => { throw new Error("SecurityError"); }), null);
  assert.equal(attempt(() => 7), 7);
  assert.equal(ignore(1), undefined);
});

test("an id has 128 random bits in hexadecimal", () => {
  const ids = Array.from({ length: 50 }, uuid);
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal(new Set(ids).size, 50);
});

test("every byte of an id is written with two digits", (t) => {
  t.mock.method(crypto, "getRandomValues", (bytes) => bytes.fill(7));
  assert.equal(uuid(), "07".repeat(16));
});

test("text of any script is base64 of its UTF-8", () => {
  assert.equal(base64("Ünï 📣"), Buffer.from("Ünï 📣").toString("base64"));
  assert.deepEqual([...utf8("ü")], [0xc3, 0xbc]);
});

test("a warning says whose it is", (t) => {
  const said = [];
  t.mock.method(console, "warn", (...words) => said.push(words));
  warn("one", 2);
  assert.deepEqual(said, [["[earshot]", "one", 2]]);
});
