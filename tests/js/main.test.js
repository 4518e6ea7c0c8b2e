// The renderer as a page has it: what its host says to it, and what it says to its host.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import DOMPurify from "dompurify";

import { idle, makeClock, makePage } from "../page.js";

const RULES = { tags: ["p", "a"], attributes: { a: ["href"] }, schemes: ["https"] };
const KINDS = ["text", "button", "image", "choice"];
const page = makePage(
  `<script type="application/json" id="markup-rules">${JSON.stringify(RULES)}</script>
   <script type="application/json" id="block-kinds">${JSON.stringify(KINDS)}</script>
   <main id="message"></main><p id="said"></p>`,
  "https://e.example/renderer/index.html",
);
const root = page.document.getElementById("message");
const told = [];
const host = { postMessage: ({ gist }) => told.push(gist) };
const sizes = { rest: () => {} };
const system = { matches: false, listeners: [], addEventListener: (_, listener) => system.listeners.push(listener) };
page.window.DOMPurify = DOMPurify;
page.window.matchMedia = () => system;
Object.defineProperty(page.window, "parent", { configurable: true, value: host });
globalThis.ResizeObserver = class {
  constructor(work) {
    sizes.work = work;
  }
  observe(card) {
    sizes.card = card;
  }
  disconnect() {}
};
page.window.HTMLElement.prototype.getBoundingClientRect = () => ({ width: 300, height: 200 });
page.window.open = (...args) => opened.push(args);
globalThis.navigator ??= {};
const opened = [];
let clock, served;
globalThis.fetch = async () => served;
await import("../../static/renderer/main.js");
await (await import("../../static/renderer/kinds.js")).loaded;

const text = (id, html) => ({ kind: "text", id, html });
const button = (id, kind, value = "", over = {}) => ({ kind: "button", id, action: { id, name: `Tap ${id}`, behaviour: { kind, value }, ...over } });
const CONTENT = {
  accent: "#206bc4",
  close_button: true,
  close: { id: "close", name: "Dismissed", behaviour: { kind: "dismiss" } },
  steps: [
    { id: "s1", name: "Ask", blocks: [text("t1", '<p>How <a href="https://a.example/x">was</a> it?</p>'), button("go", "step", "s2"), button("bye", "dismiss"), button("own", "custom", "x")] },
    { id: "s2", name: "Thanks", blocks: [] },
  ],
};

function say(data, source = host, origin = "https://shop.example") {
  const event = new MessageEvent("message", { data, origin });
  Object.defineProperty(event, "source", { value: source });
  page.window.dispatchEvent(event);
}

async function open(options = {}, { capabilities, content = CONTENT } = {}) {
  served = content ? { ok: true, json: async () => structuredClone(content) } : { ok: false, status: 404 };
  told.length = 0;
  say({ options: { instanceId: "i1", messageId: "12", properties: { gist: { campaignId: "d1" } }, ...options }, capabilities });
  await clock.pass(0);
  await clock.pass(0);
}
const ready = () => clock.pass(300);
const methods = () => told.map(({ method }) => method);
const last = (method) => told.findLast((one) => one.method === method)?.parameters;
const tap = (id, detail = 1) => root.querySelector(`[data-action="${id}"]`).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail }));
const step = () => root.querySelector(".card")?.dataset.step;

beforeEach(() => {
  clock = makeClock();
  opened.length = 0;
  system.matches = false;
});

test("nothing is heard before it is opened", () => {
  told.length = 0;
  say({ action: "focus" });
  say({ action: "showStep", stepId: "s2" });
  say(null);
  say("text");
  assert.deepEqual(told, []);
  assert.equal(root.children.length, 0);
});

test("another frame can neither open nor command it", async () => {
  told.length = 0;
  say({ options: { instanceId: "evil" } }, {});
  say({ options: { instanceId: "evil" } }, page.window);
  await clock.pass(0);
  assert.deepEqual(told, []);
  await open();
  say({ action: "showStep", stepId: "s2" }, {});
  say({ action: "updateColorScheme", colorScheme: "dark" }, {});
  assert.equal(step(), "s1");
  assert.equal(page.document.documentElement.dataset.scheme, "light");
});

test("a preview is not taken from a host, whatever its origin", async () => {
  await open();
  told.length = 0;
  say({ preview: CONTENT }, host, "https://e.example");
  await clock.pass(0);
  assert.deepEqual(told, []);
});

test("it draws the first step, and tells its host by its instance that it is there", async () => {
  await open();
  assert.deepEqual(methods(), ["bootstrapped", "sizeChanged", "titleChanged", "sizeChanged", "routeLoaded"]);
  assert.deepEqual([...new Set(told.map(({ instanceId }) => instanceId))], ["i1"]);
  assert.equal(step(), "s1");
  assert.equal(last("titleChanged").title, "How was it?");
  assert.equal(last("routeLoaded").route, "12");
  assert.equal(last("routeLoaded").close.id, "close");
  assert.deepEqual(last("sizeChanged"), { width: 300, height: 200 });
});

test("without a message its route is the delivery", async () => {
  await open({ messageId: undefined });
  assert.equal(last("routeLoaded").route, "d1");
  await open({ messageId: undefined, properties: undefined, deliveryId: "d2" });
  assert.equal(last("routeLoaded").route, "d2");
});

test("it begins at the step that is asked for, if there is one", async () => {
  await open({ stepId: "s2" });
  assert.equal(step(), "s2");
  await open({ stepId: "nowhere" });
  assert.equal(step(), "s1");
});

test("a step without words is called by its name, else it is a message, and no title is long", async () => {
  await open({ stepId: "s2" });
  assert.equal(last("titleChanged").title, "Thanks");
  await open({}, { content: { ...CONTENT, steps: [{ id: "s1", blocks: [] }] } });
  assert.equal(last("titleChanged").title, "Message");
  await open({}, { content: { ...CONTENT, steps: [{ id: "s1", blocks: [text("t", `<p>${"x".repeat(200)}</p>`)] }] } });
  assert.equal(last("titleChanged").title.length, 120);
});

test("content that cannot be had is an error, with its reason", async () => {
  await open({}, { content: null });
  assert.deepEqual(methods(), ["bootstrapped", "error"]);
  assert.deepEqual(last("error"), { route: "12", reason: "The content was refused with 404." });
});

test("the page's language is the message's", async () => {
  await open({ lang: "de" });
  assert.equal(page.document.documentElement.lang, "de");
});

for (const [colorScheme, dark, scheme] of [["light", true, "light"], ["dark", false, "dark"], ["auto", true, "dark"], ["auto", false, "light"], ["system", true, "dark"], [undefined, true, "light"]])
  test(`asked for ${colorScheme} on a ${dark ? "dark" : "light"} system it is ${scheme}`, async () => {
    system.matches = dark;
    await open({ colorScheme });
    assert.equal(page.document.documentElement.dataset.scheme, scheme);
  });

test("it turns with the system, and with its host", async () => {
  await open({ colorScheme: "auto" });
  system.matches = true;
  system.listeners.forEach((listener) => listener());
  assert.equal(page.document.documentElement.dataset.scheme, "dark");
  say({ action: "updateColorScheme", colorScheme: "light" });
  assert.equal(page.document.documentElement.dataset.scheme, "light");
});

test("a tap in the first moment is meant for what stood there before, and does nothing", async () => {
  await open();
  tap("bye");
  await clock.pass(299);
  tap("bye");
  assert.equal(last("tap"), undefined);
  await clock.pass(1);
  tap("bye");
  assert.equal(last("tap").id, "bye");
});

test("the second tap of a double click does nothing", async () => {
  await open();
  await ready();
  tap("own", 2);
  assert.equal(last("tap"), undefined);
});

test("a tap is told with all that it says, and a button that closes gives no reason", async () => {
  await open();
  await ready();
  tap("own");
  const { id, name, behaviour, dismissal, tracked } = last("tap");
  assert.deepEqual([id, name, behaviour.kind, behaviour.value, dismissal, tracked], ["own", "Tap own", "custom", "x", false, true]);
  tap("bye");
  assert.equal("reason" in last("tap"), false);
});

test("the close button says how it was closed", async () => {
  await open();
  await ready();
  tap("close");
  assert.equal(last("tap").reason, "close");
  assert.equal(last("tap").dismissal, true);
});

test("a tap that ends the message is told once, until a second has passed", async () => {
  await open();
  await ready();
  tap("bye");
  tap("bye");
  tap("own");
  assert.equal(methods().filter((method) => method === "tap").length, 1);
  await clock.pass(1000);
  tap("bye");
  assert.equal(methods().filter((method) => method === "tap").length, 2);
});

test("a tap that stays is told each time", async () => {
  await open();
  await ready();
  tap("own");
  tap("own");
  assert.equal(methods().filter((method) => method === "tap").length, 2);
});

test("a tap to another step goes there, says where one is, and takes the focus along", async () => {
  await open();
  await ready();
  tap("go");
  assert.equal(step(), "s2");
  assert.equal(page.document.getElementById("said").textContent, "Step 2 of 2");
  assert.equal(page.document.activeElement, root.querySelector(".card"));
  const { messageStepName, close } = last("changeMessageStep");
  assert.equal(messageStepName, "s2");
  assert.equal(close.tracked, false); // a thank-you step asks nothing
});

test("a tap goes where the branches of its step say, is told so, and begins anew when opened again", async () => {
  const option = (id) => ({ id, name: id, text: id, behaviour: { kind: "step", value: "s2" } });
  const ask = { id: "s1", blocks: [{ kind: "choice", id: "c", options: [option("yes"), option("no")] }], branches: [{ question: "c", answers: ["no"], to: "s3" }] };
  const back = { id: "s2", blocks: [button("on", "step", "s1")], branches: [{ question: "c", answers: ["no"], to: "s3" }] };
  const content = { ...CONTENT, steps: [ask, back, { id: "s3", blocks: [] }] };
  await open({}, { content });
  await ready();
  tap("no");
  assert.equal(step(), "s3");
  assert.equal(last("tap").action, "step:s3");
  await open({}, { content });
  await ready();
  tap("yes");
  assert.equal(step(), "s2");
  await ready();
  tap("on");
  assert.equal(step(), "s1"); // what was answered before it was opened again is forgotten
});

test("a tap that a branch ends is told once, as an answer that closes, and goes to no step", async () => {
  const option = (id) => ({ id, name: id, text: id, track: true, behaviour: { kind: "step", value: "s2" } });
  const ask = { id: "s1", blocks: [{ kind: "choice", id: "c", options: [option("yes"), option("no")] }], branches: [{ question: "c", answers: ["no"], to: "" }] };
  await open({}, { content: { ...CONTENT, steps: [ask, { id: "s2", blocks: [] }] } });
  await ready();
  tap("no");
  tap("yes");
  assert.equal(methods().filter((method) => method === "tap").length, 1);
  const { id, action, behaviour, dismissal } = last("tap");
  assert.deepEqual([id, action, behaviour.kind, dismissal], ["no", "gist://close?id=no", "submit", false]);
  assert.equal(step(), "s1");
});

test("a tap on a step that was left answers nothing", async () => {
  await open();
  await ready();
  const left = root.querySelector('[data-action="own"]');
  tap("go");
  await ready();
  told.length = 0;
  left.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
  assert.deepEqual(methods(), []);
  assert.equal(step(), "s2");
});

test("the host may go to a step; to the same one, or to none, nothing moves", async () => {
  await open();
  say({ action: "showStep", stepId: "s2" });
  assert.equal(step(), "s2");
  told.length = 0;
  say({ action: "showStep", stepId: "s2" });
  say({ action: "showStep", stepId: "nowhere" });
  assert.deepEqual(told, []);
  assert.equal(step(), "s2");
});

test("the first drawing takes no focus, and the host may give it", async () => {
  await open();
  page.document.activeElement?.blur?.();
  say({ action: "focus" });
  assert.equal(page.document.activeElement, root.querySelector(".card"));
});

test("a link is told, untracked, and opened by the page where the host can do that", async () => {
  await open({}, { capabilities: ["Links"] });
  await ready();
  root.querySelector("a").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
  assert.deepEqual([last("tap").behaviour, last("tap").tracked], [{ kind: "url", value: "https://a.example/x" }, false]);
  assert.deepEqual(opened, []);
});

test("a link is opened by the renderer where the host cannot", async () => {
  await open();
  await ready();
  const event = new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 });
  root.querySelector("a").dispatchEvent(event);
  assert.deepEqual(opened, [["https://a.example/x", "_blank", "noopener"]]);
  assert.equal(event.defaultPrevented, true);
});

test("a tap beside links and buttons is nothing", async () => {
  await open();
  await ready();
  root.querySelector("p").dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
  assert.equal(last("tap"), undefined);
});

test("Esc is told while a message is there", async () => {
  await open();
  page.document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  assert.equal(methods().at(-1), "escape");
});

test("a card that grows tells its size", async () => {
  await open();
  assert.equal(sizes.card, root.querySelector(".card"));
  told.length = 0;
  sizes.card.getBoundingClientRect = () => ({ width: 300, height: 250 });
  sizes.work();
  assert.deepEqual(last("sizeChanged"), { width: 300, height: 250 });
});

const WITH_IMAGE = { ...CONTENT, steps: [{ id: "s1", blocks: [{ kind: "image", id: "i", url: "https://a.example/i.png" }] }] };

test("an image that loads late holds the message back for 800 ms at most", async () => {
  Object.defineProperty(page.window.HTMLImageElement.prototype, "complete", { configurable: true, get: () => false });
  await open({}, { content: WITH_IMAGE });
  await clock.pass(799);
  assert.equal(last("routeLoaded"), undefined);
  await clock.pass(1);
  assert.ok(last("routeLoaded"));
});

test("an image that has loaded, or is lost, holds nothing back", async () => {
  for (const event of ["onload", "onerror"]) {
    await open({}, { content: WITH_IMAGE });
    assert.equal(last("routeLoaded"), undefined);
    root.querySelector("img")[event]();
    await idle();
    assert.ok(last("routeLoaded"));
  }
});
