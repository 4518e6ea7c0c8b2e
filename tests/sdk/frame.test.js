import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createFrame } from "../../static/sdk/src/frame.js";
import { makePage } from "../page.js";

let page;
beforeEach(() => (page = makePage()));

const MESSAGE = { messageId: "12", properties: { gist: { campaignId: "d1" } } };

function make() {
  const heard = [];
  const timers = [];
  const note = (name) => (parameters) => heard.push([name, parameters]);
  const on = { tap: note("tap"), routeLoaded: note("routeLoaded"), error: note("error") };
  const frame = createFrame({
    host: "https://e.example", message: MESSAGE, scheme: () => "dark", instanceId: "i1", on,
    timer: (work, wait) => setTimeout((timers.push({ work, wait }), () => {}), 1e6),
  });
  page.document.body.append(frame.element);
  const posted = [];
  frame.element.contentWindow.postMessage = (...args) => posted.push(args);
  return { frame, heard, timers, posted };
}

function say(source, data) {
  page.window.dispatchEvent(new MessageEvent("message", { data, source }));
}
const gist = (method, parameters = {}, instanceId = "i1") => ({ gist: { instanceId, method, parameters } });

test("the content runs in a sandbox that gives it scripts and nothing else", () => {
  const { frame } = make();
  assert.equal(frame.element.getAttribute("sandbox") ?? frame.element.sandbox, "allow-scripts");
  assert.equal(frame.element.src, "https://e.example/renderer/index.html");
  assert.equal(frame.element.title, "Message");
});

test("once loaded the renderer is told what to draw, how, and that links are the page's", () => {
  const { frame, posted } = make();
  frame.element.onload();
  const options = { messageId: "12", instanceId: "i1", properties: MESSAGE.properties, colorScheme: "dark", lang: "en" };
  assert.deepEqual(posted, [[{ options, capabilities: ["Links"] }, "*"]]);
});

test("its own window is heard", () => {
  const { frame, heard } = make();
  say(frame.element.contentWindow, gist("tap", { id: "a" }));
  assert.deepEqual(heard, [["tap", { id: "a" }]]);
});

test("another frame of the page cannot speak for the message", () => {
  const { heard } = make();
  const other = page.document.body.appendChild(page.document.createElement("iframe"));
  say(other.contentWindow, gist("tap", { id: "a" }));
  say(page.window, gist("tap", { id: "a" }));
  say(null, gist("tap", { id: "a" }));
  assert.deepEqual(heard, []);
});

test("what its window says for another instance, or in another form, is not heard", () => {
  const { frame, heard } = make();
  const { contentWindow } = frame.element;
  for (const data of [gist("tap", {}, "i2"), { gist: {} }, {}, null, undefined, "text", gist("noSuchMethod")]) say(contentWindow, data);
  assert.deepEqual(heard, []);
});

test("it takes the title and the height that it is told", () => {
  const { frame } = make();
  say(frame.element.contentWindow, gist("titleChanged", { title: "How was it?" }));
  say(frame.element.contentWindow, gist("sizeChanged", { height: 321 }));
  assert.equal(frame.element.title, "How was it?");
  assert.equal(frame.element.style.height, "321px");
});

test("a method of another kind changes neither title nor height", () => {
  const { frame } = make();
  say(frame.element.contentWindow, gist("tap", { title: "x", height: 9 }));
  assert.equal(frame.element.title, "Message");
  assert.equal(frame.element.style.height, "");
});

test("a renderer that says nothing for twelve seconds is an error", () => {
  const { heard, timers } = make();
  assert.deepEqual(timers.map(({ wait }) => wait), [12000]);
  timers[0].work();
  assert.deepEqual(heard, [["error", { reason: "It did not load in time." }]]);
});

/** The timer that `work` ends, if it does. */
function ended(work) {
  const real = globalThis.clearTimeout;
  const gone = [];
  globalThis.clearTimeout = (timer) => (gone.push(timer), real(timer));
  try {
    work();
  } finally {
    globalThis.clearTimeout = real;
  }
  return gone.filter(Boolean).length;
}

test("once it is loaded it is not late any more; other words do not say that", () => {
  const { frame } = make();
  assert.equal(ended(() => say(frame.element.contentWindow, gist("sizeChanged", { height: 1 }))), 0);
  assert.equal(ended(() => say(frame.element.contentWindow, gist("routeLoaded"))), 1);
});

test("a message that is taken away hears nothing more and is never late", () => {
  const { frame, heard } = make();
  assert.equal(ended(frame.remove), 1);
  say(frame.element.contentWindow, gist("tap", { id: "a" }));
  assert.deepEqual(heard, []);
});

test("focus goes to the frame, and the renderer is told", () => {
  const { frame, posted } = make();
  let focused = 0;
  frame.element.focus = () => (focused += 1);
  frame.focus();
  assert.equal(focused, 1);
  assert.deepEqual(posted, [[{ action: "focus" }, "*"]]);
});
