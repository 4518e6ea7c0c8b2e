import assert from "node:assert/strict";
import test from "node:test";
import { closeOf, kindOf, linkTap, tapOf } from "../../static/renderer/behaviour.js";

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

const encoded = (kind, value, over = {}) => tapOf({ id: "a b", name: "N", behaviour: { kind, value }, ...over }).action;

for (const [kind, value, over, action] of [
  ["dismiss", "", {}, "gist://close"],
  ["submit", "", {}, "gist://close"],
  ["dismiss", "", { track: true }, "gist://close?id=a%20b"],
  ["submit", "", { track: true }, "gist://close?id=a%20b"],
  ["dismiss", "", { track: true, id: undefined }, "gist://close?id="],
  ["snooze", "5", {}, "gist://snooze?showIn=5"],
  ["snooze", "", {}, "gist://snooze?showIn=60"],
  ["snooze", "a&b", {}, "gist://snooze?showIn=a%26b"],
  ["url", "https://a.example/?x=1&y=2", {}, "gist://loadPage?url=https://a.example/?x=1&y=2"],
  ["message", "1 2", {}, "gist://showMessage?messageId=1%202"],
  ["step", "s2", {}, "step:s2"],
  ["deeplink", "shop://sale", {}, "shop://sale"],
  ["custom", "open chat", {}, "open chat"],
])
  test(`${kind} "${value}" of ${JSON.stringify(over)} is "${action}" for public clients`, () => assert.equal(encoded(kind, value, over), action));

test("an action without a behaviour dismisses", () => {
  assert.equal(kindOf({}), "dismiss");
  assert.equal(kindOf({ behaviour: {} }), "dismiss");
  assert.equal(kindOf({ behaviour: { kind: "url" } }), "url");
});

test("a tap says all that its action says", () => {
  const properties = { gist: {} };
  assert.deepEqual(tapOf({ id: "a", name: "Go", value: "5", track: true, behaviour: { kind: "message", value: "12", properties } }), {
    action: tapOf({ behaviour: { kind: "message", value: "12", properties } }).action,
    name: "Go", system: false, id: "a", value: "5", tracked: true, behaviour: { kind: "message", value: "12", properties }, dismissal: false,
  });
});

test("what an action does not say is empty, and it is tracked", () =>
  assert.deepEqual(tapOf({}), {
    action: "gist://close", name: "", system: false, id: "", value: "", tracked: true,
    behaviour: { kind: "dismiss", value: "", properties: undefined }, dismissal: false,
  }));

test("only a deep link leaves to the system", () => {
  assert.equal(tapOf({ behaviour: { kind: "deeplink", value: "shop://x" } }).system, true);
  assert.equal(tapOf({ behaviour: { kind: "url", value: "https://x" } }).system, false);
});

test("an untracked action is told as such", () => assert.equal(tapOf({ track: false }).tracked, false));

test("a link in a text is a tap that nobody counts", () =>
  assert.deepEqual(linkTap({ href: "https://a.example/x", textContent: " here \n" }), {
    action: "gist://loadPage?url=https://a.example/x", name: "here", system: false, id: "", value: "", tracked: false,
    behaviour: { kind: "url", value: "https://a.example/x" }, dismissal: false,
  }));

const CLOSE = { id: "close", track: true };
const first = { id: "s1" };
for (const [name, step, tracked] of [
  ["the first step, though it asks nothing", first, true],
  ["a later step with a button", { blocks: [{ action: {} }] }, true],
  ["a later step with answers to choose from", { blocks: [{}, { options: [{}] }] }, true],
  ["a later step with an empty choice", { blocks: [{ options: [] }] }, false],
  ["a later step with a text alone", { blocks: [{ html: "" }] }, false],
  ["a later step without blocks", {}, false],
])
  test(`closing on ${name} is ${tracked ? "an" : "no"} answer`, () =>
    assert.deepEqual(closeOf({ steps: [first, step], close: CLOSE }, step), { id: "close", track: tracked }));
