import assert from "node:assert/strict";
import { test } from "node:test";

import { makeDisk, makePage, makeServer, settled } from "./world.js";

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
  assert.equal(disk.size, 0);
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
  assert.equal(disk.size, 0);
});

test("Retry-After is waited for, and nothing is dropped", async () => {
  const { queue, server, timers, disk } = makePage({ server: makeServer([[429, { "Retry-After": "30" }], "ok"]) });
  await queue.add(event("a"));
  await queue.flush();
  assert.ok(timers.at(-1).wait >= 30000);
  assert.equal(disk.size, 1);
  await timers.pop().work();
  assert.deepEqual(server.ids(), ["a"]);
});

test("a refusal is final, said in the console, and holds nothing up", async () => {
  const { queue, server, warnings, disk } = makePage({ server: makeServer([401, "ok"]) });
  await queue.add(event("a"));
  await queue.flush();
  await queue.add(event("b"));
  await queue.flush();
  assert.match(warnings[0], /401/);
  assert.deepEqual(server.ids(), ["b"]);
  assert.equal(disk.size, 0);
});

test("a batch that is too large is halved until it fits", async () => {
  const { queue, server } = makePage({ server: makeServer([413, 413, "ok", "ok", "ok"]) });
  for (const id of ["a", "b", "c", "d"]) await queue.add(event(id));
  await queue.flush();
  assert.deepEqual(server.ids(), ["a", "b", "c", "d"]);
});

test("offline for days, the newest thousand are kept and the loss is said", async () => {
  const { queue, server, warnings, disk } = makePage({ server: makeServer(Array(3).fill("lost")), limit: 20 });
  for (let at = 0; at < 25; at += 1) await queue.add(event(`m${at}`));
  assert.equal(disk.size, 20);
  assert.equal(warnings.length, 5);
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
    assert.equal(disk.size, 0);
  });
}

test("a page killed before the write has not let the tap take effect", async () => {
  const page = makePage({ kill: "before write" });
  const written = page.queue.add(event("a")).then(() => "written");
  const first = await Promise.race([written, settled().then(() => "waiting")]);
  assert.equal(first, "waiting");
  assert.equal(page.disk.size, 0);
});

test("what a leaving page sends stays on disk until it is answered", async () => {
  const disk = makeDisk();
  const page = makePage({ disk, server: makeServer(["unheard"]) });
  await page.queue.add(event("a"));
  await page.queue.leave();
  assert.deepEqual(page.server.ids(), ["a"]);
  assert.equal(disk.size, 1);
  const next = makePage({ disk });
  await next.queue.flush();
  assert.deepEqual(next.server.ids(), ["a"]);
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
  assert.equal(disk.size, 0);
});
