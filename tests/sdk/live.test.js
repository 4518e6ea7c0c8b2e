import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createLive } from "../../static/sdk/src/live.js";
import { idle } from "../page.js";

class Source {
  static opened = [];
  constructor(url) {
    this.url = url;
    this.listeners = {};
    Source.opened.push(this);
  }
  addEventListener(event, listener) {
    this.listeners[event] = listener;
  }
  close() {
    this.closed = true;
  }
  say(event, data) {
    this.listeners[event]({ data: typeof data === "string" ? data : JSON.stringify(data) });
  }
}

beforeEach(() => {
  Source.opened = [];
  globalThis.window = { EventSource: Source };
  globalThis.EventSource = Source;
});

function make({ settings = { liveUrl: "https://live.example" }, who = { userId: "ada", anonymousId: "anon" }, refuse = false } = {}) {
  const log = { asked: [], queues: [], connected: 0, timers: [] };
  const answers = [];
  const live = createLive({
    host: "https://e.example",
    writeKey: "wk",
    identity: { get: () => who },
    fetch: async (url) => {
      log.asked.push(url);
      if (refuse) throw new TypeError("Failed to fetch");
      await new Promise((done) => answers.push(done));
      return { json: async () => settings };
    },
    onQueue: (messages) => log.queues.push(messages),
    onConnected: () => (log.connected += 1),
    timer: (work, wait) => (log.timers.push({ work, wait }), setTimeout(() => {}, 0)),
  });
  const open = async () => {
    live.open();
    await idle();
    answers.splice(0).forEach((done) => done());
    await idle();
    return Source.opened.at(-1);
  };
  return { live, log, open, answers };
}

test("it listens at the address that the server names, for the person who is there", async () => {
  const { open, log } = make();
  const { url } = await open();
  assert.deepEqual(log.asked, ["https://e.example/v1/projects/wk/settings"]);
  const { origin, pathname, searchParams } = new URL(url);
  assert.deepEqual([origin, pathname], ["https://live.example", "/api/v3/sse"]);
  assert.deepEqual([searchParams.get("userToken"), searchParams.get("siteId")], [btoa("ada"), "wk"]);
});

test("a stranger is named by the anonymous id", async () => {
  const { open } = make({ who: { userId: null, anonymousId: "anon" } });
  assert.equal(new URL((await open()).url).searchParams.get("userToken"), btoa("anon"));
});

test("where the server names no address it is the server itself", async () => {
  const { open } = make({ settings: {} });
  assert.equal(new URL((await open()).url).origin, "https://e.example");
});

test("the address is asked for once", async () => {
  const { open, live, log } = make();
  await open();
  live.close();
  await open();
  assert.equal(Source.opened.length, 2);
  assert.equal(log.asked.length, 1);
});

test("it is opened once, however often it is asked to", async () => {
  const { open, live } = make();
  live.open();
  await open();
  live.open();
  await idle();
  assert.equal(Source.opened.length, 1);
});

test("closed while the address is asked for, it stays closed", async () => {
  const { live, answers } = make();
  live.open();
  await idle();
  live.close();
  answers.forEach((done) => done());
  await idle();
  assert.equal(Source.opened.length, 0);
});

test("an address that cannot be had is asked for again at the next time", async () => {
  const { live, log } = make({ refuse: true });
  live.open();
  await idle();
  live.open();
  await idle();
  assert.equal(log.asked.length, 2);
  assert.equal(Source.opened.length, 0);
});

test("a browser without it is left alone", async () => {
  window.EventSource = undefined;
  const { live, log } = make();
  live.open();
  await idle();
  assert.deepEqual(log.asked, []);
});

test("messages are the queue, and an empty word is none", async () => {
  const { open, log } = make();
  const source = await open();
  source.say("messages", [{ queueId: "d1" }]);
  source.say("messages", "no JSON");
  assert.deepEqual(log.queues, [[{ queueId: "d1" }]]);
});

test("once it is connected the queue is asked for", async () => {
  const { open, log } = make();
  (await open()).say("connected", {});
  assert.equal(log.connected, 1);
});

for (const [said, seconds] of [[{}, 65], [{ heartbeat: 30 }, 35], [{ heartbeat: 0 }, 65], [{ heartbeat: -1 }, 65], [{ heartbeat: 9999 }, 3605], ["", 65]])
  test(`after ${JSON.stringify(said)} a silence of ${seconds} s ends it`, async () => {
    const { open, log } = make();
    const source = await open();
    source.say("connected", said);
    assert.equal(log.timers.at(-1).wait, seconds * 1000);
    assert.equal(source.closed, undefined);
    log.timers.at(-1).work();
    assert.equal(source.closed, true);
  });

test("every word begins the silence anew", async () => {
  const { open, log } = make();
  const source = await open();
  for (const word of ["connected", "heartbeat", "messages"]) source.say(word, []);
  assert.equal(log.timers.length, 3);
});

test("what goes wrong closes it, and the next time it is opened again", async () => {
  const { open } = make();
  const first = await open();
  first.onerror();
  assert.equal(first.closed, true);
  const second = await open();
  assert.notEqual(first, second);
  assert.equal(second.closed, undefined);
});

test("closing it ends its silence too", async () => {
  const { open, live } = make();
  (await open()).say("heartbeat");
  const real = globalThis.clearTimeout;
  const gone = [];
  globalThis.clearTimeout = (timer) => (gone.push(timer), real(timer));
  live.close();
  globalThis.clearTimeout = real;
  assert.equal(gone.filter(Boolean).length, 1);
});

test("what is not open is closed without ado", () => {
  make().live.close();
  assert.equal(Source.opened.length, 0);
});
