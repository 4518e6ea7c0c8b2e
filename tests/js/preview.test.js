// The renderer on the editor's own page: it draws what the editor hands over, at every keystroke.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import DOMPurify from "dompurify";

import { idle, makeClock, makePage } from "../page.js";

const RULES = { tags: ["p", "a"], attributes: { a: ["href"] }, schemes: ["https"] };
const page = makePage(
  `<script type="application/json" id="markup-rules">${JSON.stringify(RULES)}</script>
   <script type="application/json" id="block-kinds">["text", "button"]</script>
   <main id="message" data-preview></main><p id="said"></p>`,
  "https://e.example/renderer/preview.html",
);
const root = page.document.getElementById("message");
const told = [];
const opened = [];
const host = { postMessage: ({ gist }) => told.push(gist) };
const system = { matches: false, listeners: [], addEventListener: (...args) => system.listeners.push(args) };
page.window.DOMPurify = DOMPurify;
page.window.matchMedia = () => system;
page.window.open = (...args) => opened.push(args);
Object.defineProperty(page.window, "parent", { configurable: true, value: host });
globalThis.ResizeObserver = class {
  observe() {}
  disconnect() {}
};
globalThis.fetch = async () => assert.fail("A preview asks for nothing.");
await import("../../static/renderer/main.js");
await (await import("../../static/renderer/kinds.js")).loaded;

const step = (id, kind = "dismiss", value = "") => ({
  id, name: id, blocks: [{ kind: "text", id: `t${id}`, html: '<p>Hi <a href="https://a.example">x</a></p>' }, { kind: "button", id, action: { id, name: id, behaviour: { kind, value } } }],
});
const content = (...steps) => ({ accent: "#206bc4", close_button: true, close: { id: "close" }, steps });

let clock, firstTold;
beforeEach(async () => {
  clock = makeClock();
  await show({ preview: content(step("s1"), step("s2")), step: "s1" });
  firstTold ??= methods();
  told.length = 0;
});

async function show(data, source = host, origin = "https://e.example") {
  const event = new MessageEvent("message", { data, origin });
  Object.defineProperty(event, "source", { value: source });
  page.window.dispatchEvent(event);
  await clock.pass(0);
}
const shown = () => root.querySelector(".card")?.dataset.step;
const methods = () => told.map(({ method }) => method);

test("the step stays while the content changes, unless another is asked for", async () => {
  await show({ preview: content(step("s1"), step("s2")), step: "s2" });
  await show({ preview: content(step("s0"), step("s1"), step("s2")) });
  assert.equal(shown(), "s2");
  await show({ preview: content(step("s0"), step("s1")), step: "s1" });
  assert.equal(shown(), "s1");
});

test("a step that is gone gives way to the first", async () => {
  await show({ preview: content(step("s1"), step("s2")), step: "s2" });
  await show({ preview: content(step("s0"), step("s1")) });
  assert.equal(shown(), "s0");
});

test("content without steps is nothing", async () => {
  await show({ preview: content() });
  assert.equal(root.children.length, 0);
});

test("only the editor's own site may hand over content", async () => {
  await show({ preview: content(step("evil")) }, host, "https://evil.example");
  await show({ preview: content(step("evil")) }, {});
  assert.equal(shown(), "s1");
});

test("a preview opens no delivery and takes no command", async () => {
  await show({ options: { instanceId: "x" } });
  await show({ action: "showStep", stepId: "s2" });
  assert.equal(shown(), "s1");
});

test("each drawing tells that it is there, by the instance that was named, else as the preview", async () => {
  await show({ preview: content(step("s1")), instanceId: "i9" });
  assert.deepEqual([...new Set(told.map(({ instanceId }) => instanceId))], ["i9"]);
  assert.equal(told.at(-1).method, "routeLoaded");
  assert.equal(told.at(-1).parameters.route, "preview");
  assert.equal(methods().includes("bootstrapped"), false); // it was told once
  told.length = 0;
  await show({ preview: content(step("s1")) });
  assert.deepEqual([...new Set(told.map(({ instanceId }) => instanceId))], ["preview"]);
});

test("the first drawing tells that the renderer is there", () =>
  assert.deepEqual(firstTold, ["bootstrapped", "sizeChanged", "titleChanged", "sizeChanged", "routeLoaded"].filter((method) => method !== "sizeChanged")));

test("it is as light or dark as the editor says", async () => {
  await show({ preview: content(step("s1")), colorScheme: "dark" });
  assert.equal(page.document.documentElement.dataset.scheme, "dark");
  await show({ preview: content(step("s1")) });
  assert.equal(page.document.documentElement.dataset.scheme, "light");
});

test("it listens for the system to turn", () => assert.deepEqual(system.listeners.map(([event]) => event), ["change"]));

test("a tap may be tried again and again, and is not over", async () => {
  await clock.pass(300);
  for (let turn = 0; turn < 3; turn += 1) root.querySelector("[data-action=s1]").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
  assert.deepEqual(methods(), ["tap", "tap", "tap"]);
});

test("a link is not opened, and Esc is not told", async () => {
  await clock.pass(300);
  root.querySelector("a").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
  page.document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  await idle();
  assert.deepEqual(opened, []);
  assert.deepEqual(methods(), ["tap"]);
});

test("a drawing of the same step answers taps at once, one of another only after a moment", async () => {
  await clock.pass(300);
  await show({ preview: content(step("s1"), step("s2")) });
  const tap = () => root.querySelector(".button").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
  tap();
  assert.equal(methods().filter((method) => method === "tap").length, 1);
  await show({ preview: content(step("s1"), step("s2")), step: "s2" });
  tap();
  assert.equal(methods().filter((method) => method === "tap").length, 1);
});
