import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createShowing } from "../../static/sdk/src/showing.js";
import { idle, makeClock, makePage } from "../page.js";

let page, clock;
beforeEach(() => {
  page = makePage();
  clock = makeClock();
});

const CLOSE = { id: "close", name: "Dismissed", tracked: true, dismissal: true, behaviour: { kind: "dismiss", value: "" } };
const button = (kind, value = "", over = {}) => ({ id: "b1", name: "Great", tracked: true, dismissal: false, behaviour: { kind, value }, ...over });

/** A message in its place, and what it told to whom. */
function make({ kind = "modal", told = {}, firstOpening = true, written = async () => {} } = {}) {
  const log = { reports: [], done: [], snoozed: [], events: [], gone: [], ended: [], again: [], warned: [], shown: 0, closed: 0 };
  const say = (what) => (...args) => ({ what, args });
  let doors;
  const display = (given) => {
    doors = given;
    const host = page.document.createElement("earshot-message");
    host.append(given.frame.element);
    page.document.body.append(host);
    return { host, show: () => (log.shown += 1), close: () => ((log.closed += 1), host.remove()) };
  };
  const message = { queueId: "d1", messageId: "12", properties: { gist: {} } };
  const showing = createShowing(message, { kind, gist: {} }, {
    uuid: () => "i1",
    record: ({ what, args }) => (log.reports.push([what, ...args.slice(1)]), written()),
    report: { opened: say("opened"), answered: say("answered"), gone: say("gone") },
    memory: {
      open: () => firstOpening,
      finish: (id) => log.done.push(id),
      snooze: ({ queueId }, minutes) => log.snoozed.push([queueId, minutes]),
    },
    listeners: { emit: (event, detail) => log.events.push([event, detail]) },
    go: (url) => log.gone.push(url),
    ended: (which, reason) => log.ended.push([which, reason]),
    again: (...args) => log.again.push(args),
    warn: (text) => log.warned.push(text),
    told,
    displays: { [kind]: display },
    host: "https://e.example",
    scheme: () => "light",
    timer: () => 0,
  });
  const hear = async (method, parameters = {}) => {
    const source = doors.frame.element.contentWindow;
    page.window.dispatchEvent(new MessageEvent("message", { source, data: { gist: { instanceId: "i1", method, parameters } } }));
    await idle();
  };
  const names = () => log.events.map(([event, { reason }]) => (reason ? `${event} ${reason}` : event));
  return { showing, message, log, hear, seen: () => doors.seen(), doors, names };
}

async function open(over) {
  const made = make(over);
  await made.hear("routeLoaded", { close: CLOSE });
  made.seen();
  return made;
}

test("it is shown once it is loaded, and opened once it is seen", async () => {
  const { log, hear, seen } = make();
  assert.equal(log.shown, 0);
  await hear("routeLoaded", { close: CLOSE });
  assert.equal(log.shown, 1);
  assert.deepEqual(log.reports, []);
  seen();
  assert.deepEqual(log.reports, [["opened"]]);
  assert.deepEqual(log.events, [["opened", { message: "12", delivery: "d1" }]]);
});

test("it is shown once, however often the renderer says it is loaded", async () => {
  const { log, hear } = await open();
  await hear("routeLoaded", { close: CLOSE });
  assert.equal(log.shown, 1);
});

test("a second sight is no second opening", async () => {
  const { log, seen } = await open();
  seen();
  assert.deepEqual(log.reports, [["opened"]]);
  assert.equal(log.events.length, 1);
});

test("a delivery that this browser has opened before is not reported again", async () => {
  const { log, names } = await open({ firstOpening: false });
  assert.deepEqual(log.reports, []);
  assert.deepEqual(names(), ["opened"]);
});

test("the app hears of an opening once, though a page that swaps its body shows it again", async () => {
  const told = {};
  await open({ told });
  assert.deepEqual((await open({ told, firstOpening: false })).names(), []);
});

test("a tap before it is loaded does nothing", async () => {
  const { log, hear } = make();
  await hear("tap", button("dismiss"));
  assert.deepEqual([log.reports, log.events, log.ended], [[], [], []]);
});

test("a tap is reported with the seconds since it was opened", async () => {
  const { log, hear } = await open();
  await clock.pass(3240);
  await hear("tap", button("custom", "more"));
  assert.deepEqual(log.reports.at(-1), ["answered", button("custom", "more"), 3.2]);
});

test("a tap proves that it was seen", async () => {
  const { log, hear } = make();
  await hear("routeLoaded", { close: CLOSE });
  await hear("tap", button("dismiss"));
  assert.deepEqual(log.reports.map(([what]) => what), ["opened", "answered"]);
});

test("a tap takes effect only after its report is written down", async () => {
  let done;
  const writing = new Promise((written) => (done = written));
  const { log, hear } = await open({ written: () => writing });
  await hear("tap", button("url", "https://shop.example/sale"));
  assert.deepEqual([log.gone, log.ended], [[], []]);
  done();
  await idle();
  assert.deepEqual(log.gone, ["https://shop.example/sale"]);
});

test("while a tap that ends it is written down, another tap does nothing", async () => {
  let done;
  const writing = new Promise((written) => (done = written));
  const { log, hear } = await open({ written: () => writing });
  await hear("tap", button("dismiss"));
  await hear("tap", button("dismiss", "", { id: "b2" }));
  done();
  await idle();
  assert.deepEqual(log.reports.map(([what]) => what), ["opened", "answered"]);
  assert.equal(log.ended.length, 1);
});

test("after a tap that stays, the next one counts too", async () => {
  const { log, hear } = await open();
  for (const kind of ["custom", "step", "custom"]) await hear("tap", button(kind));
  assert.equal(log.reports.length, 4);
  assert.deepEqual(log.ended, []);
});

test("an untracked tap takes effect and is not reported", async () => {
  const { log, hear, message } = await open();
  await hear("tap", button("dismiss", "", { tracked: false }));
  assert.deepEqual(log.reports, [["opened"]]);
  assert.deepEqual(log.ended, [[message, "close"]]);
});

test("the app hears of a tap with all that it says", async () => {
  const { log, hear } = await open();
  await hear("tap", button("custom", "more"));
  const { dismiss, ...said } = log.events.at(-1)[1];
  assert.deepEqual(said, {
    message: "12", delivery: "d1", name: "Great", value: "more", id: "b1", tracked: true, dismissal: false, behaviour: "custom", reason: undefined,
  });
  assert.equal(typeof dismiss, "function");
});

test("the answer of a rating is its value, not that of its behaviour", async () => {
  const { log, hear } = await open();
  await hear("tap", button("submit", "x", { value: "5" }));
  assert.equal(log.events.find(([event]) => event === "action")[1].value, "5");
});

test("a dismissal ends it for good, and the app hears how", async () => {
  const { log, hear, message, names } = await open();
  await hear("tap", CLOSE);
  assert.deepEqual(log.done, ["d1"]);
  assert.deepEqual(log.ended, [[message, "close"]]);
  assert.deepEqual(names(), ["opened", "action", "dismissed close"]);
  assert.equal(log.closed, 1);
});

for (const reason of ["esc", "swipe"])
  test(`a dismissal by "${reason}" says so`, async () => {
    const { log, hear, message } = await open();
    await hear({ esc: "escape", swipe: "swipe" }[reason]);
    assert.deepEqual(log.reports.at(-1), ["answered", { ...CLOSE, reason }, 0]);
    assert.deepEqual(log.ended, [[message, reason]]);
  });

test("a tap outside closes by its reason", async () => {
  const { log, doors, message } = await open();
  doors.dismiss("backdrop");
  await idle();
  assert.deepEqual(log.ended, [[message, "backdrop"]]);
});

test("nothing is reported of a message that is over", async () => {
  const { log, hear, showing, seen } = await open();
  await hear("tap", CLOSE);
  const reports = log.reports.length;
  seen();
  showing.dismiss();
  await hear("tap", CLOSE);
  await hear("routeLoaded", { close: CLOSE });
  assert.equal(log.reports.length, reports);
  assert.equal(log.ended.length, 1);
  assert.equal(log.shown, 1);
});

for (const [value, minutes] of [["5", 5], ["1", 1], ["0.5", 1], ["-3", 1], ["", 60], ["soon", 60], ["43200", 43200], ["43201", 43200]])
  test(`a snooze of "${value}" minutes is one of ${minutes}`, async () => {
    const { log, hear, message } = await open();
    await hear("tap", button("snooze", value));
    assert.deepEqual(log.snoozed, [["d1", minutes]]);
    assert.deepEqual(log.ended, [[message, "snooze"]]);
  });

test("only a snooze snoozes", async () => {
  const { log, hear } = await open();
  await hear("tap", button("dismiss", "5"));
  assert.deepEqual(log.snoozed, []);
});

test("a link opens its address and ends a modal", async () => {
  const { log, hear } = await open();
  await hear("tap", button("url", "/sale"));
  assert.deepEqual(log.gone, ["https://shop.example/sale"]);
  assert.equal(log.ended.length, 1);
});

test("a link leaves an inline message where it is", async () => {
  const { log, hear } = await open({ kind: "inline" });
  for (const kind of ["url", "deeplink"]) await hear("tap", button(kind, "https://shop.example/sale"));
  assert.equal(log.gone.length, 2);
  assert.deepEqual(log.ended, []);
});

test("a dismissal ends an inline message too", async () => {
  const { log, hear } = await open({ kind: "inline" });
  await hear("tap", CLOSE);
  assert.equal(log.ended.length, 1);
});

test("an app's own scheme is for a deep link alone", async () => {
  const link = await open();
  await link.hear("tap", button("url", "shop://sale"));
  assert.deepEqual([link.log.gone, link.log.warned], [[], ['Refused to open "shop://sale".']]);
  const deep = await open();
  await deep.hear("tap", button("deeplink", "shop://sale"));
  assert.deepEqual(deep.log.gone, ["shop://sale"]);
});

for (const kind of ["url", "deeplink"])
  test(`a script is never opened by "${kind}"`, async () => {
    const { log, hear } = await open();
    await hear("tap", button(kind, "javascript:alert(1)"));
    assert.deepEqual(log.gone, []);
    assert.equal(log.warned.length, 1);
  });

test("a tap that shows another message names it, and leads to no address", async () => {
  const { log, hear } = await open();
  await hear("tap", button("message", "13", { behaviour: { kind: "message", value: "13", properties: { gist: {} } } }));
  assert.deepEqual(log.again, [["13", { gist: {} }]]);
  assert.deepEqual([log.gone, log.warned], [[], []]);
  await (await open()).hear("tap", button("dismiss"));
  assert.equal(log.again.length, 1);
});

test("something that takes its place dismisses it, with the seconds it stood", async () => {
  const { log, showing, message } = await open();
  await clock.pass(1500);
  showing.dismiss();
  assert.deepEqual(log.reports.at(-1), ["gone", "superseded", 1.5]);
  assert.deepEqual(log.ended, [[message, "superseded"]]);
});

test("after an answer nothing more is said when something takes its place", async () => {
  const { log, hear, showing } = await open();
  await hear("tap", button("custom"));
  showing.dismiss();
  assert.deepEqual(log.reports.map(([what]) => what), ["opened", "answered"]);
  assert.equal(log.ended.length, 1);
});

test("a message that nobody saw is not reported as dismissed", async () => {
  const { log, hear, showing, names } = make();
  await hear("routeLoaded", { close: CLOSE });
  showing.dismiss();
  assert.deepEqual(log.reports, []);
  assert.deepEqual(names(), []);
});

test("a message that is taken away may come again", async () => {
  const { log, showing, message } = await open();
  showing.remove();
  assert.deepEqual(log.done, []);
  assert.deepEqual(log.ended, [[message, undefined]]);
});

test("the app is not told of the end of one that the page took away itself", async () => {
  const { showing, doors, names } = await open();
  doors.frame.element.parentElement.remove();
  assert.equal(showing.isAttached(), false);
  showing.remove();
  assert.deepEqual(names(), ["opened"]);
});

test("a fault of the renderer is told, and ends it without remembering it", async () => {
  const { log, hear, message } = make();
  await hear("error", { reason: "No content." });
  assert.deepEqual(log.events, [["error", { message: "12", delivery: "d1", error: "No content." }]]);
  assert.deepEqual([log.done, log.ended], [[], [[message, undefined]]]);
});

test("a place that is hidden is told as an error", () => {
  const { log, doors } = make({ kind: "inline" });
  doors.hidden("Its place is hidden.");
  assert.equal(log.events[0][1].error, "Its place is hidden.");
});

test("a step that has a close of its own is closed by that", async () => {
  const { log, hear } = await open();
  await hear("changeMessageStep", { close: { ...CLOSE, tracked: false } });
  await hear("escape");
  assert.deepEqual(log.reports, [["opened"]]);
  assert.equal(log.ended.length, 1);
});

test("a step without a close of its own keeps the one before", async () => {
  const { log, hear } = await open();
  await hear("changeMessageStep", {});
  await hear("escape");
  assert.equal(log.reports.length, 2);
});

for (const [kind, seconds, says] of [["modal", 2, true], ["modal", 1.9, false], ["banner", 5, false], ["inline", 5, false]])
  test(`a page left after ${seconds} s ${says ? "ends" : "keeps"} an open ${kind}`, async () => {
    const { log, showing } = await open({ kind });
    await clock.pass(seconds * 1000);
    showing.left();
    assert.equal(log.ended.length, says ? 1 : 0);
    if (says) assert.deepEqual(log.reports.at(-1), ["gone", "left", 2]);
  });

test("a page left before the modal was seen ends nothing", async () => {
  const { log, showing } = make();
  await clock.pass(5000);
  showing.left();
  assert.deepEqual(log.ended, []);
});
