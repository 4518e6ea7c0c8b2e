import assert from "node:assert/strict";
import test from "node:test";
import { tapOf } from "../../static/renderer/behaviour.js";

for (const kind of ["dismiss", "snooze", "submit", "url"])
  test(`a tap on a named button that does "${kind}" is no dismissal`, () =>
    assert.equal(tapOf({ id: "got", name: "Got it", behaviour: { kind } }).dismissal, false));

test("the close action is a dismissal", () => assert.equal(tapOf({ id: "close", name: "Dismissed" }).dismissal, true));

test("a tap that shows a message carries the delivery of that message, as public clients read it", () => {
  const properties = { gist: { campaignId: "token+/=", elementId: "#Überblick-\u{1F4E3}" } };
  const { action } = tapOf({ id: "a", name: "Next", behaviour: { kind: "message", value: "12", properties } });
  const query = new URL(action).searchParams;
  assert.equal(query.get("messageId"), "12");
  assert.deepEqual(JSON.parse(atob(query.get("properties"))), properties);
});
