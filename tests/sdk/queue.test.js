import assert from "node:assert/strict";
import { test } from "node:test";

import { createStore } from "../../static/sdk/src/store/index.js";
import { storageLayer } from "../../static/sdk/src/store/layers.js";
import { makeDisk, makePage, makeServer, PAGE, settled } from "./world.js";

const event = (id) => ({ type: "track", messageId: id, timestamp: "2026-01-01T00:00:00Z" });

test("what is added is sent once, with its messageId, its timestamp and the moment of sending", async () => {
  const { queue, server, disk } = makePage();
  await queue.add(event("a"));
  await queue.flush();
  await queue.flush();
  assert.deepEqual(server.ids(), ["a"]);
  assert.equal(server.events[0].timestamp, "2026-01-01T00:00:00Z");
  assert.ok(server.events[0].sentAt && server.requests[0].sentAt);
  assert.equal(server.requests[0].writeKey, "wk");
  assert.equal(Object.keys(disk).length, 0);
});

test("calls made together go in one batch, in order", async () => {
  const { queue, server } = makePage();
  for (const id of ["a", "b", "c"]) await queue.add(event(id));
  await queue.flush();
  assert.equal(server.requests.length, 1);
  assert.deepEqual(server.ids(), ["a", "b", "c"]);
});

test("a lost request is sent again with the same messageId, later and later", async () => {
  const { queue, server, timers } = makePage({ server: makeServer(["lost", "lost", "ok"]) });
  await queue.add(event("a"));
  await queue.flush();
  assert.equal(timers.at(-1).wait, 1000);
  await timers.pop().work();
  assert.equal(timers.at(-1).wait, 2000);
  await timers.pop().work();
  assert.deepEqual(server.ids(), ["a"]);
});

test("an answer that is lost costs a repeat, never a report", async () => {
  const { queue, server, timers, disk } = makePage({ server: makeServer(["unheard", "ok"]) });
  await queue.add(event("a"));
  await queue.flush();
  await timers.pop().work();
  assert.deepEqual(server.ids(), ["a", "a"]);
  assert.equal(Object.keys(disk).length, 0);
});

test("Retry-After is waited for, and nothing is dropped", async () => {
  const { queue, server, timers, disk } = makePage({ server: makeServer([[429, undefined, { "Retry-After": "30" }], "ok"]) });
  await queue.add(event("a"));
  await queue.flush();
  assert.ok(timers.at(-1).wait >= 30000);
  assert.equal(Object.keys(disk).length, 1);
  await timers.pop().work();
  assert.deepEqual(server.ids(), ["a"]);
});

test("while the server wants to be left alone, neither a new report nor flush() disturbs it", async () => {
  const { queue, server, timers } = makePage({ server: makeServer([[503, undefined, { "Retry-After": "30" }], "ok"]) });
  await queue.add(event("a"));
  await queue.flush();
  await queue.add(event("b"));
  queue.later(150);
  await queue.flush();
  assert.equal(timers.length, 1);
  assert.equal(server.requests.length, 1);
  await timers.pop().work();
  assert.deepEqual(server.ids(), ["a", "b"]);
});

test("a network that was away is tried again at once when there is a reason to", async () => {
  const { queue, server } = makePage({ server: makeServer(["lost", "ok"]) });
  await queue.add(event("a"));
  await queue.flush();
  await queue.flush();
  assert.deepEqual(server.ids(), ["a"]);
});

for (const [status, said] of [[200, PAGE], [403, PAGE], [404, PAGE], [502, PAGE], [200, {}], [403, { message: "Forbidden" }]]) {
  test(`what somebody on the way says (${status} ${said}) is no answer: the report is sent again`, async () => {
    const { queue, server, timers, errors, disk } = makePage({ server: makeServer([[status, said], "ok"]) });
    await queue.add(event("a"));
    await queue.flush();
    assert.equal(Object.keys(disk).length, 1);
    await timers.pop().work();
    assert.deepEqual(server.ids(), ["a"]);
    assert.deepEqual(errors, []);
    assert.equal(Object.keys(disk).length, 0);
  });
}

test("an answer that breaks off costs a repeat, never a report", async () => {
  const { queue, server, timers, sent, disk } = makePage({ server: makeServer(["broken", "ok"]) });
  await queue.add(event("a"));
  await queue.flush();
  await timers.pop().work();
  assert.deepEqual(server.ids(), ["a", "a"]);
  assert.equal(sent.length, 1);
  assert.equal(Object.keys(disk).length, 0);
});

test("of a batch, what the server rejects is said and never sent again; the rest is sent", async () => {
  const results = [{ verdict: "accepted" }, { verdict: "rejected", code: "unknown_action" }, { verdict: "duplicate" }];
  const { queue, server, errors, sent, disk } = makePage({ server: makeServer([[200, { success: true, results }]]) });
  for (const id of ["a", "b", "c"]) await queue.add(event(id));
  await queue.flush();
  await queue.flush();
  assert.equal(server.requests.length, 1);
  assert.deepEqual(errors, ["1 reports refused with unknown_action and dropped."]);
  assert.deepEqual(sent.map(({ messageId }) => messageId), ["a", "c"]);
  assert.equal(Object.keys(disk).length, 0);
});

test("a request that is rejected as a whole is rejected with all that is in it", async () => {
  const results = [{ index: 0, verdict: "rejected", code: "unknown_key" }];
  const { queue, errors, sent } = makePage({ server: makeServer([[200, { success: true, results }]]) });
  for (const id of ["a", "b"]) await queue.add(event(id));
  await queue.flush();
  assert.deepEqual(errors, ["2 reports refused with unknown_key and dropped."]);
  assert.deepEqual(sent, []);
});

test("a request has a hundred reports at most, and less than 500 KB, in UTF-8", async () => {
  const { queue, server } = makePage();
  const wide = "\u{20ac}".repeat(10000); // 30 KB
  for (let at = 0; at < 40; at += 1) await queue.add({ ...event(`w${at}`), properties: { wide } });
  for (let at = 0; at < 150; at += 1) await queue.add(event(`n${at}`));
  await queue.flush();
  assert.equal(new Set(server.ids()).size, 190);
  for (const request of server.requests) {
    assert.ok(request.batch.length <= 100);
    assert.ok(new TextEncoder().encode(JSON.stringify(request)).length < 500 * 1024);
  }
});

test("one report that no request can carry is left to the server to refuse, and holds nothing up", async () => {
  const { queue, server, errors } = makePage({ server: makeServer([413, "ok"]) });
  await queue.add({ ...event("huge"), properties: { text: "x".repeat(600000) } });
  await queue.add(event("a"));
  await queue.flush();
  assert.match(errors[0], /413/);
  assert.deepEqual(server.ids(), ["a"]);
});

test("a batch that is too large is halved until it fits", async () => {
  const { queue, server } = makePage({ server: makeServer([413, 413, "ok", "ok", "ok"]) });
  for (const id of ["a", "b", "c", "d"]) await queue.add(event(id));
  await queue.flush();
  assert.deepEqual(server.ids(), ["a", "b", "c", "d"]);
});

test("offline for days, the newest thousand are kept and the loss is said", async () => {
  const { queue, server, errors, disk } = makePage({ server: makeServer(Array(3).fill("lost")), limit: 20 });
  for (let at = 0; at < 25; at += 1) await queue.add(event(`m${at}`));
  assert.equal(Object.keys(disk).length, 20);
  assert.equal(errors.length, 5);
  assert.match(errors[0], /oldest/);
  await queue.flush();
  await queue.flush();
  await queue.flush();
  await queue.flush();
  assert.deepEqual(server.ids(), Array.from({ length: 20 }, (_, at) => `m${at + 5}`));
});

for (const kill of ["before read", "before request", "before answer", "before remove"]) {
  test(`a page killed ${kill} loses no report: the next page sends it with the same messageId`, async () => {
    const disk = makeDisk();
    const server = makeServer();
    const first = makePage({ disk, server, kill });
    // Adding counts what waits, which "before read" does not touch: the write itself is what a tap waits for.
    await first.queue.add(event("a"));
    first.queue.flush();
    await settled();
    const second = makePage({ disk, server });
    await second.queue.flush();
    assert.ok(server.ids().length >= 1);
    assert.deepEqual([...new Set(server.ids())], ["a"]);
    assert.equal(Object.keys(disk).length, 0);
  });
}

test("a page killed before the write has not let the tap take effect", async () => {
  const page = makePage({ kill: "before write" });
  const written = page.queue.add(event("a")).then(() => "written");
  const first = await Promise.race([written, settled().then(() => "waiting")]);
  assert.equal(first, "waiting");
  assert.equal(Object.keys(page.disk).length, 0);
});

test("what a leaving page sends stays on disk until it is answered", async () => {
  const disk = makeDisk();
  const page = makePage({ disk, server: makeServer(["unheard"]) });
  await page.queue.add(event("a"));
  await page.queue.leave();
  assert.deepEqual(page.server.ids(), ["a"]);
  assert.equal(Object.keys(disk).length, 1);
  const next = makePage({ disk });
  await next.queue.flush();
  assert.deepEqual(next.server.ids(), ["a"]);
});

test("what is hidden and then left says it once", async () => {
  const page = makePage({ server: makeServer(["ok"]) });
  await page.queue.add(event("a"));
  await Promise.all([page.queue.leave(), page.queue.leave()]);
  assert.deepEqual(page.server.ids(), ["a"]);
});

test("what could not be sent when the page was hidden is tried again when it is left", async () => {
  const page = makePage({ server: makeServer(["lost"]) });
  await page.queue.add(event("a"));
  await page.queue.leave();
  await page.queue.leave();
  assert.deepEqual(page.server.ids(), ["a"]);
});

test("a page that is left sends no more than a browser lets it", async () => {
  const page = makePage();
  for (let at = 0; at < 90; at += 1) await page.queue.add({ ...event(`m${at}`), properties: { text: "\u{20ac}".repeat(300) } });
  await page.queue.leave();
  assert.ok(page.server.ids().length > 40);
  assert.ok(new TextEncoder().encode(JSON.stringify(page.server.requests[0])).length < 64 * 1024);
  assert.equal(page.server.ids()[0], "m0");
});

test("of two tabs on one disk, one sends", async () => {
  const disk = makeDisk();
  const server = makeServer();
  let held = false;
  const lock = async (work) => {
    if (held) return false;
    held = true;
    await work();
    held = false;
    return true;
  };
  const one = makePage({ disk, server, lock });
  const other = makePage({ disk, server, lock });
  await one.queue.add(event("a"));
  await other.queue.add(event("b"));
  await Promise.all([one.queue.flush(), other.queue.flush()]);
  assert.deepEqual(server.ids().sort(), ["a", "b"]);
  assert.equal(other.timers.length, 1, "the tab that was refused looks again");
});

test("a storm of losses, repeats and kills: every report arrives, under its own id", async () => {
  const disk = makeDisk();
  const kinds = ["ok", "lost", "unheard", 500, 503, "ok", 429, 408];
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const plan = Array.from({ length: 400 }, () => kinds[Math.floor(random() * kinds.length)]);
  const server = makeServer(plan);
  const kills = ["", "before request", "before answer", "before remove"];
  const ids = [];
  for (let at = 0; at < 120; at += 1) {
    const page = makePage({ disk, server, kill: kills[Math.floor(random() * kills.length)] });
    ids.push(`m${at}`);
    await page.queue.add(event(`m${at}`));
    page.queue.flush();
    await settled();
  }
  plan.length = 0;
  await makePage({ disk, server }).queue.flush();
  assert.deepEqual([...new Set(server.ids())].sort(), ids.sort());
  assert.equal(Object.keys(disk).length, 0);
});

/** A page whose store is read slowly: `read` lets a look at it end. */
function makeSlowPage() {
  const reads = [];
  const disk = makeDisk();
  const fast = storageLayer("", disk);
  const peek = async (size) => {
    const found = await fast.peek(size);
    await new Promise((done) => reads.push(done));
    return found;
  };
  const page = makePage({ disk, store: createStore([{ ...fast, peek }], 1e9) });
  const read = async () => {
    reads.shift()();
    await settled();
  };
  return { ...page, read };
}

test("a report that is written while the store is read is sent, too", async () => {
  const { queue, server, read } = makeSlowPage();
  queue.flush();
  await settled();
  await queue.add(event("a"));
  await read(); // it was not there yet
  await read();
  await read();
  assert.deepEqual(server.ids(), ["a"]);
});

test("a report that is written while the store is read goes with a page that is left", async () => {
  const { queue, server } = makeSlowPage();
  queue.flush();
  await settled();
  await queue.add(event("a"));
  await queue.leave();
  assert.deepEqual(server.ids(), ["a"]);
});

test("a flush while the queue is sending leaves the next sending alone", async () => {
  const { queue, timers, read } = makeSlowPage();
  const gone = [];
  const real = globalThis.clearTimeout;
  globalThis.clearTimeout = (timer) => gone.push(timer);
  queue.flush();
  await settled();
  queue.later(150);
  const before = gone.length;
  queue.flush();
  globalThis.clearTimeout = real;
  assert.equal(gone.length, before);
  assert.equal(timers.length, 1);
  await read();
});
