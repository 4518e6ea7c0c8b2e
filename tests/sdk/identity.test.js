import assert from "node:assert/strict";
import { test } from "node:test";

import { createIdentity, idOf } from "../../static/sdk/src/identity.js";
import { createKeep } from "../../static/sdk/src/keep.js";
import { createReport } from "../../static/sdk/src/report.js";
import { fullStorage } from "./world.js";

function make(storage = {}) {
  let count = 0;
  const uuid = () => `id${(count += 1)}`;
  const identity = createIdentity({ keep: createKeep("e.", storage), uuid });
  return { identity, storage, report: createReport({ identity, uuid, now: () => 0 }) };
}

test("a stranger has an anonymous id from the first moment, and keeps it over pages", () => {
  const { identity, storage } = make();
  const { anonymousId, userId } = identity.get();
  assert.ok(anonymousId);
  assert.equal(userId, null);
  assert.deepEqual(make(storage).identity.get(), { anonymousId, userId });
});

test("identify after anonymous sends both ids", () => {
  const { identity, report } = make();
  const { anonymousId } = identity.get();
  assert.equal(identity.identify("ada"), true);
  const call = report.call("identify", { traits: { plan: "pro" } });
  assert.equal(call.userId, "ada");
  assert.equal(call.anonymousId, anonymousId);
  assert.equal(identity.identify("ada"), false);
});

test("somebody else on the same browser is not joined to the one before", () => {
  const { identity } = make();
  identity.identify("ada");
  const before = identity.get().anonymousId;
  identity.identify("bob");
  assert.notEqual(identity.get().anonymousId, before);
  identity.reset();
  assert.equal(identity.get().userId, null);
});

test("a signature is kept with the person it signs, and with nobody else", () => {
  const { identity, report } = make();
  identity.identify("ada", "sig");
  identity.identify("ada");
  assert.equal(identity.get().signature, "sig");
  assert.equal(report.call("track", { event: "x" }).signature, "sig");
  identity.identify("bob");
  assert.equal(identity.get().signature, undefined);
});

test("where storage is refused the page still has one identity", () => {
  const { identity } = make(fullStorage());
  identity.identify("ada");
  assert.deepEqual(identity.get(), identity.get());
  assert.equal(identity.get().userId, "ada");
});

test("an id is a text without blanks around it", () => {
  for (const id of ["user-7", " user-7 ", "user-7\n"]) assert.equal(idOf(id), "user-7");
  assert.equal(idOf(7), "7");
});

test("what is nobody's id is none", () => {
  for (const none of ["", "  ", undefined, null, NaN, "undefined", "null", "None", {}, { plan: "x" }, "[object Object]", () => 1]) {
    assert.equal(idOf(none), "", `${none}`);
  }
});
