// The whole SDK on a page, without a browser: the network answers as the test says.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { idle, makeClock, makePage } from "../page.js";

let page, clock, sent, beacons, warned;
let loads = 0;

beforeEach(() => {
  page = makePage("", "https://shop.example/cart?x=1");
  clock = makeClock();
  sent = [];
  beacons = [];
  warned = [];
  console.warn = (...words) => warned.push(words.slice(1).join(" "));
  globalThis.localStorage = page.window.localStorage;
  delete globalThis.indexedDB;
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { language: "en", sendBeacon: (...args) => (beacons.push(args), true) } });
  globalThis.fetch = async (url, { body, headers } = {}) => {
    sent.push({ path: new URL(url).pathname, body: body && JSON.parse(body), headers });
    const batch = sent.at(-1).body?.batch;
    const said = batch ? { results: batch.map((_, index) => ({ index, verdict: "accepted" })) } : { inAppMessages: [] };
    return { status: 200, ok: true, headers: { get: () => null }, json: async () => said };
  };
});

/** The script as a page has it. */
async function load(attributes = 'data-write-key="wk" src="https://e.example/sdk/earshot.js"', early) {
  page.document.body.innerHTML = `<script ${attributes}></script>`;
  const script = page.document.querySelector("script");
  Object.defineProperty(page.document, "currentScript", { configurable: true, value: script });
  page.window.earshot = early;
  await import(`../../static/sdk/src/index.js?load=${(loads += 1)}`);
  await settle();
  return page.window.earshot;
}

async function settle() {
  for (let turn = 0; turn < 10; turn += 1) {
    await idle();
    await new Promise((done) => setImmediate(done));
  }
}

const asks = () => sent.filter(({ path }) => path === "/api/v4/users");
const calls = () => sent.flatMap(({ body }) => body?.batch || []);
const pass = async (milliseconds) => {
  await clock.pass(milliseconds);
  await settle();
};

test("the queue is asked for as soon as the page is there", async () => {
  await load();
  assert.equal(asks().length, 1);
  assert.equal(asks()[0].headers["X-CIO-Site-Id"], "wk");
});

test("a page without a body waits for it", async () => {
  const { body } = page.document;
  Object.defineProperty(page.document, "body", { configurable: true, value: null });
  Object.defineProperty(page.document, "currentScript", {
    configurable: true, value: { dataset: { writeKey: "wk" }, src: "https://e.example/sdk/earshot.js" },
  });
  await import(`../../static/sdk/src/index.js?load=${(loads += 1)}`);
  await settle();
  assert.equal(asks().length, 0);
  Object.defineProperty(page.document, "body", { configurable: true, value: body });
  page.window.dispatchEvent(new Event("DOMContentLoaded"));
  await settle();
  assert.equal(asks().length, 1);
});

test("without a write key there is nothing but a warning", async () => {
  assert.equal(await load('src="https://e.example/sdk/earshot.js"'), undefined);
  assert.deepEqual(warned, ["The script tag has no data-write-key."]);
  assert.deepEqual(sent, []);
});

test("a second script leaves the first alone", async () => {
  const first = { version: "0" };
  assert.equal(await load(undefined, first), first);
  assert.deepEqual(warned, ["The SDK is here twice."]);
});

test("calls that were made before the script came are made again, in order", async () => {
  await load(undefined, [["track", "One"], "noise", ["track", "Two", { a: 1 }]]);
  await pass(200);
  assert.deepEqual(calls().map(({ event, properties }) => [event, properties]), [["One", {}], ["Two", { a: 1 }]]);
});

test("a stub that is no list is no call", async () => {
  await load(undefined, { push() {} });
  assert.deepEqual(calls(), []);
});

test("a call that does not exist is warned of, and the next is made", async () => {
  const earshot = await load();
  earshot.push(["nosuch"], ["version"], ["track", "One"]);
  await pass(200);
  assert.deepEqual(warned, ["There is no nosuch().", "There is no version()."]);
  assert.deepEqual(calls().map(({ event }) => event), ["One"]);
});

test("a call that throws is warned of, and the next is made", async () => {
  const earshot = await load();
  earshot.push(["onAction"], ["on", "x", () => {}], ["identify", { toString() { throw new Error("odd"); } }], ["track", "One"]);
  await pass(200);
  assert.match(warned[0], /odd/);
  assert.deepEqual(calls().map(({ event }) => event), ["One"]);
});

test("identify names the person, with traits, and asks for their queue anew", async () => {
  const earshot = await load();
  earshot.identify("ada", { plan: "pro" }, { signature: "sig" });
  await settle();
  assert.equal(asks().length, 2);
  assert.equal(asks()[1].headers["X-Gist-Encoded-User-Token"], btoa("ada"));
  assert.equal(asks()[1].headers["X-Earshot-Signature"], "sig");
  await pass(200);
  const [call] = calls();
  assert.deepEqual([call.type, call.userId, call.traits, call.signature], ["identify", "ada", { plan: "pro" }, "sig"]);
  assert.equal(call.anonymousId, earshot.identity().anonymousId);
});

test("identify as the same person does not ask anew", async () => {
  const earshot = await load();
  earshot.identify("ada");
  await settle();
  earshot.identify("ada");
  await settle();
  assert.equal(asks().length, 2);
});

test("identify without an id is warned of and names nobody", async () => {
  const earshot = await load();
  earshot.identify("undefined");
  await pass(200);
  assert.deepEqual(warned, ["identify() wants an id, as a text."]);
  assert.equal(earshot.identity().userId, null);
  assert.deepEqual(calls(), []);
});

test("track without a name is warned of and tracks nothing", async () => {
  const earshot = await load();
  earshot.track("");
  await pass(200);
  assert.deepEqual(warned, ["track() wants a name."]);
  assert.deepEqual(calls(), []);
});

test("after a call the queue is asked for soon", async () => {
  const earshot = await load();
  earshot.track("One");
  await pass(700);
  assert.equal(asks().length, 2);
});

test("a page is told with its address and title, and what the app says of it", async () => {
  page.document.title = "Cart";
  const earshot = await load();
  earshot.page("Cart", { title: "Mine", size: 3 });
  await pass(200);
  const [{ type, name, properties }] = calls();
  assert.deepEqual([type, name], ["page", "Cart"]);
  assert.deepEqual(properties, { url: "https://shop.example/cart?x=1", path: "/cart", title: "Mine", size: 3 });
});

test("reset makes a stranger of the person, and asks for the stranger's queue", async () => {
  const earshot = await load();
  earshot.identify("ada");
  await settle();
  const { anonymousId } = earshot.identity();
  earshot.reset();
  await settle();
  assert.equal(earshot.identity().userId, null);
  assert.notEqual(earshot.identity().anonymousId, anonymousId);
  assert.equal(asks().length, 3);
});

test("a sign-in of another tab changes this one, too", async () => {
  await load();
  page.window.dispatchEvent(Object.assign(new Event("storage"), { key: "earshot.wk.who" }));
  await settle();
  assert.equal(asks().length, 2);
  page.window.dispatchEvent(Object.assign(new Event("storage"), { key: "earshot.wk.other" }));
  await settle();
  assert.equal(asks().length, 2);
});

test("a network that comes back is used at once", async () => {
  await load();
  page.window.dispatchEvent(new Event("online"));
  await settle();
  assert.equal(asks().length, 2);
});

const hide = (hidden) => {
  Object.defineProperty(page.document, "hidden", { configurable: true, value: hidden });
  page.document.dispatchEvent(new Event("visibilitychange"));
};

test("a page that is hidden sends what it has, and asks again once it is seen", async () => {
  const earshot = await load();
  earshot.track("One");
  await settle();
  hide(true);
  await settle();
  assert.equal(beacons.length + calls().length > 0, true);
  const before = asks().length;
  await pass(10000);
  assert.equal(asks().length, before);
  hide(false);
  await settle();
  assert.equal(asks().length, before + 1);
});

test("a page that is left sends what it has", async () => {
  const earshot = await load();
  earshot.track("One");
  await settle();
  page.window.dispatchEvent(new Event("pagehide"));
  await settle();
  assert.equal(beacons.length + calls().length > 0, true);
});

test("the app hears of every report, and of what arrived", async () => {
  const earshot = await load();
  const heard = [];
  earshot.on("report", ({ event }) => heard.push(["report", event]));
  earshot.on("sent", (events) => heard.push(["sent", events.length]));
  earshot.track("One");
  await pass(200);
  assert.deepEqual(heard, [["report", "One"], ["sent", 1]]);
});

test("calls of a moment go in one request", async () => {
  const earshot = await load();
  for (const name of ["One", "Two", "Three"]) earshot.track(name);
  await pass(149);
  assert.deepEqual(calls(), []);
  await pass(1);
  assert.equal(sent.filter(({ body }) => body?.batch).length, 1);
  assert.equal(calls().length, 3);
});

test("what JSON cannot carry is told, and drops nothing else", async () => {
  const earshot = await load();
  const errors = [];
  earshot.on("error", ({ error }) => errors.push(error));
  const endless = {};
  endless.self = endless;
  earshot.track("Odd", endless);
  earshot.track("One");
  await pass(200);
  assert.equal(errors.length, 1);
  assert.match(errors[0], /track\(\) was dropped/);
  assert.deepEqual(calls().map(({ event }) => event), ["One"]);
});

test("the version is the one that the reports name", async () => {
  const earshot = await load();
  earshot.track("One");
  await pass(200);
  assert.equal(calls()[0].context.library.version, earshot.version);
});
