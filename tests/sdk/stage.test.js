import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createStage } from "../../static/sdk/src/stage.js";
import { idle, makeClock, makePage } from "../page.js";

let page, clock;
beforeEach(() => {
  page = makePage('<main id="here"></main>');
  clock = makeClock();
});

const message = (queueId, priority = 1, gist = {}) => ({ queueId, messageId: `m-${queueId}`, priority, properties: { gist } });

/** A stage with real messages on it; `shown` are those that stand in the page, in the order they came. */
function make({ more, awake = [] } = {}) {
  const done = new Set();
  const log = { seen: [], reports: [], errors: [], asked: 0, frames: [] };
  const display = ({ frame, gist, seen }) => {
    const host = page.document.createElement("earshot-message");
    host.append(frame.element);
    (page.document.getElementById(gist.elementId) || page.document.body).append(host);
    log.frames.push(frame.element);
    return { host, show() {}, close: () => closed.add(frame.element), seen };
  };
  const closed = new Set();
  const shownBy = [];
  const displayOf = (kind) => (given) => {
    shownBy.push([kind, given]);
    return display(given);
  };
  const stage = createStage({
    uuid: () => "i1",
    record: (said) => log.reports.push(said),
    report: {
      opened: ({ queueId }) => `${queueId} opened`,
      answered: ({ queueId }, { reason, name }) => `${queueId} ${reason || name}`,
      gone: ({ queueId }, reason) => `${queueId} ${reason}`,
    },
    memory: { isDone: (id) => done.has(id), finish: (id) => done.add(id), open: () => true, snooze() {}, awake: () => awake.splice(0) },
    listeners: { emit() {} },
    logSeen: (id) => log.seen.push(id),
    more: () => {
      log.asked += 1;
      return more ? more() : Promise.resolve({ modal: displayOf("modal"), banner: displayOf("banner"), inline: displayOf("inline") });
    },
    onError: (error) => log.errors.push(error),
    go() {},
    warn() {},
    again() {},
    host: "https://e.example",
    scheme: () => "light",
    timer: () => 0,
  });
  const shown = () => shownBy.filter(([, { frame }]) => frame.element.isConnected && !closed.has(frame.element)).map(([kind, { gist }]) => `${kind} ${gist.name}`);
  return { stage, log, done, shown, shownBy };
}

const banner = (name, priority = 1, edge = "top") => message(name, priority, { name, elementId: `x-gist-floating-${edge}` });
const inline = (name, priority = 1, elementId = "here") => message(name, priority, { name, elementId });
const offer = async (made, ...messages) => {
  made.stage.offer(messages);
  await clock.pass(0);
};

for (const order of [["first", "second"], ["second", "first"]])
  test(`of two for one place the one with the smaller priority is shown: ${order}`, async () => {
    const made = make();
    await offer(made, ...order.map((name) => banner(name, { first: 1, second: 2 }[name])));
    assert.deepEqual(made.shown(), ["banner first"]);
  });

test("each place has its message: an edge, the other edge, an element", async () => {
  const made = make();
  await offer(made, banner("a", 1, "top"), banner("b", 2, "bottom"), inline("c", 3), banner("d", 4, "top"));
  assert.deepEqual(made.shown(), ["banner a", "banner b", "inline c"]);
});

test("the next comes when a place is free, after a pause", async () => {
  const made = make();
  await offer(made, banner("a", 1), banner("b", 2));
  await clock.pass(1000); // the page is at rest
  made.stage.dismiss();
  assert.deepEqual(made.shown(), []);
  await clock.pass(399);
  assert.deepEqual(made.shown(), []);
  await clock.pass(1);
  assert.deepEqual(made.shown(), ["banner b"]);
});

test("one that is dismissed is told to the server as seen, and not shown again", async () => {
  const made = make();
  await offer(made, banner("a"));
  made.stage.dismiss();
  await offer(made, banner("a"));
  await clock.pass(1000);
  assert.deepEqual(made.shown(), []);
  assert.deepEqual(made.log.seen, ["a", "a"]); // the second time because the server still had it
});

test("one that this browser is done with is told as seen and not shown", async () => {
  const made = make();
  made.done.add("a");
  await offer(made, banner("a"), banner("b"));
  assert.deepEqual(made.shown(), ["banner b"]);
  assert.deepEqual(made.log.seen, ["a"]);
});

test("what the server offers no longer goes from the screen", async () => {
  const made = make();
  await offer(made, banner("a"), inline("b"));
  const [, { seen }] = made.shownBy[0];
  await hear(made.shownBy[0], "routeLoaded", { close: {} });
  seen();
  await offer(made, inline("b"));
  assert.deepEqual(made.shown(), ["inline b"]);
  assert.deepEqual(made.log.reports, ["a opened", "a recalled"]);
});

async function hear([, { frame }], method, parameters = {}) {
  const data = { gist: { instanceId: "i1", method, parameters } };
  page.window.dispatchEvent(new MessageEvent("message", { source: frame.element.contentWindow, data }));
  await idle();
}

test("what the server offers still stays as it is", async () => {
  const made = make();
  await offer(made, banner("a"));
  await offer(made, banner("a"));
  assert.equal(made.shownBy.length, 1);
});

test("a message that a tap leads to comes before all others, and stays though the server does not offer it", async () => {
  const made = make();
  await offer(made, banner("first", 0));
  made.stage.add("9", { gist: { campaignId: "next", name: "next", elementId: "x-gist-floating-top" } });
  made.stage.dismiss();
  await clock.pass(400);
  assert.deepEqual(made.shown(), ["banner next"]);
  await offer(made, banner("other", -1));
  assert.deepEqual(made.shown(), ["banner next"]);
});

test("a message that a tap leads to is shown at once where the place is free", async () => {
  const made = make();
  await offer(made, inline("a"));
  made.stage.add("9", { gist: { campaignId: "next", name: "next", elementId: "x-gist-floating-top" } });
  assert.deepEqual(made.shown(), ["inline a", "banner next"]);
});

test("a snoozed message whose time has come is shown, and stays though the server does not offer it", async () => {
  const woken = { ...banner("late"), woken: true };
  const made = make({ awake: [woken] });
  await offer(made);
  assert.deepEqual(made.shown(), ["banner late"]);
  await offer(made);
  assert.deepEqual(made.shown(), ["banner late"]);
});

test("one whose renderer fails is not tried again, though the server offers it", async () => {
  const made = make();
  await offer(made, banner("a"));
  await hear(made.shownBy[0], "error", { reason: "x" });
  await offer(made, banner("a"));
  await clock.pass(1000);
  assert.equal(made.shownBy.length, 1);
  assert.deepEqual(made.log.seen, []);
});

test("another person is not shown what the one before had waiting", async () => {
  const made = make();
  await offer(made, banner("a", 1), banner("b", 2));
  made.stage.clear();
  await clock.pass(1000);
  assert.deepEqual(made.shown(), []);
  assert.deepEqual(made.log.seen, []);
});

test("what was broken for one person is tried for the next", async () => {
  const made = make();
  await offer(made, banner("a"));
  await hear(made.shownBy[0], "error", { reason: "x" });
  made.stage.clear();
  await offer(made, banner("a"));
  assert.deepEqual(made.shown(), ["banner a"]);
});

test("an inline message waits for its element, and comes when the page has it", async () => {
  const made = make();
  await offer(made, inline("a", 1, "later"));
  assert.deepEqual(made.shownBy, []);
  page.document.body.append(Object.assign(page.document.createElement("div"), { id: "later" }));
  await clock.pass(199);
  assert.deepEqual(made.shownBy, []);
  await clock.pass(1);
  await clock.pass(0); // the code for it comes
  assert.deepEqual(made.shown(), ["inline a"]);
});

test("a message whose element the page took away comes again with it", async () => {
  const made = make();
  await offer(made, inline("a"));
  page.document.getElementById("here").remove();
  await clock.pass(200);
  page.document.body.append(Object.assign(page.document.createElement("div"), { id: "here" }));
  await clock.pass(200);
  await clock.pass(400);
  assert.deepEqual(made.shown(), ["inline a"]);
  assert.deepEqual(made.log.seen, []);
});

test("a page is not watched when nothing waits", async () => {
  const made = make();
  await offer(made);
  page.document.body.append(page.document.createElement("div"));
  await clock.pass(1000);
  assert.equal(made.log.asked, 0);
});

test("what another tab ended goes from this one, unreported", async () => {
  const made = make();
  await offer(made, banner("a"), inline("b"));
  made.done.add("a");
  made.stage.sync();
  assert.deepEqual(made.shown(), ["inline b"]);
  assert.deepEqual(made.log.reports, []);
});

test("a modal needs no more code, and a banner loads it once", async () => {
  const made = make();
  HTMLElement.prototype.showModal = () => {};
  page.window.HTMLDialogElement.prototype.showModal = () => {};
  await offer(made, message("m", 1, { name: "m" }));
  assert.equal(made.log.asked, 0);
  assert.equal(page.document.querySelectorAll("earshot-message").length, 1);
  await offer(made, message("m", 1, { name: "m" }), banner("a"));
  assert.equal(made.log.asked, 1);
  await offer(made, message("m", 1, { name: "m" }), banner("a"), banner("b", 1, "bottom"));
  assert.equal(made.log.asked, 1);
});

test("code that cannot be loaded is told, and asked for again with the next queue", async () => {
  const made = make({ more: () => Promise.reject(new Error("offline")) });
  await offer(made, banner("a"));
  assert.deepEqual(made.log.errors, ["Error: offline"]);
  assert.deepEqual(made.shown(), []);
  await offer(made, banner("a"));
  assert.equal(made.log.asked, 2);
});

test("a page that is left keeps its banners", async () => {
  const made = make();
  await offer(made, banner("a"));
  await clock.pass(5000);
  made.stage.left();
  assert.deepEqual(made.shown(), ["banner a"]);
});

test("a page that is left ends an open modal", async () => {
  const made = make();
  page.window.HTMLDialogElement.prototype.showModal = () => {};
  page.window.HTMLDialogElement.prototype.close = () => {};
  await offer(made, banner("a"), message("m", 1, { name: "m" }));
  const hosts = [...page.document.querySelectorAll("earshot-message")];
  const inside = hosts.map((host) => host.shadowRoot?.querySelector("iframe")).find(Boolean);
  const window = page.document.body.appendChild(page.document.createElement("iframe")).contentWindow;
  Object.defineProperty(inside, "contentWindow", { value: window }); // jsdom has none in a shadow root
  page.window.dispatchEvent(new MessageEvent("message", { source: window, data: { gist: { instanceId: "i1", method: "routeLoaded", parameters: { close: {} } } } }));
  await clock.pass(2000);
  made.stage.left();
  assert.deepEqual(made.log.reports, ["m opened", "m left"]);
});
