import assert from "node:assert/strict";
import { test } from "node:test";

import { createReport } from "../../static/sdk/src/report.js";

const message = { queueId: "token", messageId: "12" };
const identity = { get: () => ({ userId: "ada", anonymousId: "anon" }) };
let count = 0;
const report = createReport({ identity, uuid: () => `m${(count += 1)}`, now: () => 1e12 });
const tap = (over) => ({
  action: "gist://close?id=a1", name: "Great", id: "a1", value: "5", tracked: true, dismissal: false, behaviour: { kind: "submit", value: "" }, ...over,
});

test("a tap is a clicked report with its resolved name, its id and its answer", () => {
  const sent = report.answered(message, tap(), 3.2);
  assert.equal(sent.event, "Report Delivery Event");
  assert.deepEqual(sent.properties, {
    deliveryId: "token", metric: "clicked", actionName: "Great", actionValue: "gist://close?id=a1", actionId: "a1", value: "5", reason: undefined, seconds: 3.2,
  });
  assert.equal(sent.timestamp, "2001-09-09T01:46:40.000Z");
});

test("a dismissal says how", () => {
  const said = (over) => report.answered(message, tap({ dismissal: true, behaviour: { kind: "dismiss" }, ...over }), 1).properties;
  assert.equal(said({}).metric, "dismissed");
  assert.equal(said({}).reason, "close");
  assert.equal(said({ reason: "esc" }).reason, "esc");
  assert.equal(said({ behaviour: { kind: "snooze" }, reason: "esc" }).reason, "snooze");
});

test("a named button that snoozes is a click, and says that it snoozes", () => {
  const said = report.answered(message, tap({ behaviour: { kind: "snooze", value: "60" } }), 1).properties;
  assert.equal(said.metric, "clicked");
  assert.equal(said.reason, "snooze");
});

test("a second tap is another report, a second opening is the same one", () => {
  assert.notEqual(report.answered(message, tap(), 1).messageId, report.answered(message, tap(), 1).messageId);
  assert.equal(report.opened(message).messageId, report.opened(message).messageId);
});
