import assert from "node:assert/strict";
import { test } from "node:test";

import { createPoll } from "../../static/sdk/src/poll.js";

/** A poll whose server answers as `answers` says, in turn; timers are kept, not run. */
function makePoll(answers, who = { userId: "ada", anonymousId: "anon" }) {
  globalThis.document = { hidden: false };
  const seen = { timers: [], queues: [], asked: [], errors: [], live: [] };
  const post = async (path, body, headers) => {
    seen.asked.push(headers);
    const { status = 200, headers: said = {}, body: found = { inAppMessages: [] } } = await answers.shift();
    return { status, header: (name) => said[name] ?? null, body: found };
  };
  const poll = createPoll({
    identity: { get: () => who },
    keyed: {},
    post,
    onQueue: (messages) => seen.queues.push(messages),
    live: { open: () => seen.live.push("open"), close: () => seen.live.push("close") },
    onError: (error) => seen.errors.push(error),
    timer: (work, wait) => seen.timers.push(wait),
    now: () => Date.parse("2026-11-26T12:00:00Z"),
  });
  return { poll, seen };
}

const INTERVAL = "X-Gist-Queue-Polling-Interval";

for (const [said, seconds] of [
  [{}, 600],
  [{ [INTERVAL]: "10" }, 10],
  [{ [INTERVAL]: "0" }, 600],
  [{ [INTERVAL]: "-5" }, 600],
  [{ [INTERVAL]: "soon" }, 600],
  [{ [INTERVAL]: "99999999999" }, 3600],
  [{ [INTERVAL]: "10", "Retry-After": "30" }, 30],
  [{ [INTERVAL]: "10", "Retry-After": "Thu, 26 Nov 2026 12:02:00 GMT" }, 120],
  [{ [INTERVAL]: "10", "Retry-After": "99999999999" }, 3600],
  [{ [INTERVAL]: "10", "Retry-After": "never" }, 10],
])
  test(`after ${JSON.stringify(said)} it asks again in ${seconds} s`, async () => {
    const { poll, seen } = makePoll([{ headers: said }]);
    await poll.run();
    assert.deepEqual(seen.timers, [seconds * 1000]);
  });

test("the queue of the person before is not shown after another signed in", async () => {
  let answer;
  const who = { userId: "ada", anonymousId: "anon" };
  const first = new Promise((done) => (answer = done));
  const { poll, seen } = makePoll([first, { body: { inAppMessages: ["bob's"] } }], who);
  const before = poll.run();
  who.userId = "bob";
  const after = poll.restart();
  answer({ body: { inAppMessages: ["ada's"] } });
  await Promise.all([before, after]);
  assert.deepEqual(seen.queues, [["bob's"]]);
  assert.deepEqual(seen.asked.map((headers) => atob(headers["X-Gist-Encoded-User-Token"])), ["ada", "bob"]);
});

test("a hidden page does not ask", async () => {
  const { poll, seen } = makePoll([{}]);
  document.hidden = true;
  await poll.run();
  assert.deepEqual(seen.asked, []);
});

test("a refusal is told, and leaves what is shown alone", async () => {
  const { poll, seen } = makePoll([{ status: 503 }]);
  await poll.run();
  assert.deepEqual(seen.queues, []);
  assert.deepEqual(seen.errors, ["The queue answered 503."]);
});

test("it goes live where the server offers that", async () => {
  const { poll, seen } = makePoll([{ headers: { "X-CIO-Use-SSE": "true" } }, {}]);
  await poll.run();
  await poll.run();
  assert.deepEqual(seen.live, ["open", "close"]);
});

test("the answer for the person before neither ends nor opens the live line", async () => {
  let answer;
  const { poll, seen } = makePoll([new Promise((done) => (answer = done)), { headers: { "X-CIO-Use-SSE": "true" } }]);
  const before = poll.run();
  const after = poll.restart();
  answer({});
  await Promise.all([before, after]);
  assert.deepEqual(seen.live, ["open"]);
  assert.deepEqual(seen.timers, [600000]);
});

test("while it asks it does not ask again, but at once after that: what came meanwhile may not be in the answer", async () => {
  const { poll, seen } = makePoll([{}, {}, {}]);
  await Promise.all([poll.run(), poll.run(), poll.run()]);
  assert.equal(seen.asked.length, 1);
  assert.deepEqual(seen.timers, [0]);
  await poll.run();
  assert.equal(seen.asked.length, 2);
  assert.deepEqual(seen.timers, [0, 600_000]);
});

test("an answer without a body is an empty queue, and 304 is none", async () => {
  const { poll, seen } = makePoll([{ body: {} }, { status: 304 }, { status: 300 }]);
  await poll.run();
  await poll.run();
  await poll.run();
  assert.deepEqual(seen.queues, [[]]);
  assert.deepEqual(seen.errors, ["The queue answered 300."]);
});

test("without a network it asks again in half a minute", async () => {
  const { poll, seen } = makePoll([Promise.reject(new TypeError("Failed to fetch"))]);
  await poll.run();
  assert.deepEqual(seen.timers, [30000]);
  assert.deepEqual(seen.queues, []);
});

test("a person is named by their id, with their signature; a stranger by the anonymous one", async () => {
  const known = makePoll([{}], { userId: "ada", anonymousId: "anon", signature: "sig" });
  await known.poll.run();
  assert.deepEqual(known.seen.asked, [{ "X-Gist-Encoded-User-Token": btoa("ada"), "X-Gist-User-Anonymous": false, "X-Earshot-Signature": "sig" }]);
  const stranger = makePoll([{}], { userId: null, anonymousId: "anon" });
  await stranger.poll.run();
  assert.deepEqual(stranger.seen.asked, [{ "X-Gist-Encoded-User-Token": btoa("anon"), "X-Gist-User-Anonymous": true }]);
});

test("after what a person did it asks three times soon; doing more begins them anew", () => {
  const { poll, seen } = makePoll([]);
  poll.soon();
  assert.deepEqual(seen.timers, [700, 2500, 6000]);
  const real = globalThis.clearTimeout;
  const gone = [];
  globalThis.clearTimeout = (timer) => gone.push(timer);
  poll.soon();
  globalThis.clearTimeout = real;
  assert.equal(gone.length, 3);
  assert.equal(seen.timers.length, 6);
});
