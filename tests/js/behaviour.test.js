import assert from "node:assert/strict";
import test from "node:test";
import { tapOf } from "../../static/renderer/behaviour.js";

for (const kind of ["dismiss", "snooze", "submit", "url"])
  test(`a tap on a named button that does "${kind}" is no dismissal`, () =>
    assert.equal(tapOf({ id: "got", name: "Got it", behaviour: { kind } }).dismissal, false));

test("the close action is a dismissal", () => assert.equal(tapOf({ id: "close", name: "Dismissed" }).dismissal, true));
