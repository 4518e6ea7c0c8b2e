import assert from "node:assert/strict";
import { test } from "node:test";

import { createPost, createSend } from "../../static/sdk/src/send.js";

const EVENTS = [{ messageId: "a" }, { messageId: "b" }];

/** What is made of an answer; `answer` may throw. */
function make(answer) {
  const log = { asked: [], beacons: [] };
  const post = async (...args) => {
    log.asked.push(args);
    const { status = 200, headers = {}, body } = await answer();
    return { status, header: (name) => headers[name] ?? null, body };
  };
  const send = createSend({ host: "https://e.example", writeKey: "wk", post, now: () => 0, beacon: (...args) => log.beacons.push(args) });
  return { send, log };
}
const sent = async (answer, events = EVENTS, leaving) => make(async () => answer).send(events, leaving);
const results = (...codes) => ({ results: codes.map((code) => ({ code })) });

test("a request has the events, the key and the moment, and needs no preflight", async () => {
  const { send, log } = make(async () => ({ body: results() }));
  await send([{ messageId: "a" }], true).catch(() => {});
  const [path, text, headers, leaving] = log.asked[0];
  assert.equal(path, "/v1/b");
  const sentAt = "1970-01-01T00:00:00.000Z";
  assert.deepEqual(JSON.parse(text), { batch: [{ messageId: "a", sentAt }], writeKey: "wk", sentAt });
  assert.deepEqual(headers, { "Content-Type": "text/plain" });
  assert.equal(leaving, true);
});

test("each event has its own verdict", async () =>
  assert.deepEqual(await sent({ body: results(undefined, "too_long") }), { codes: [undefined, "too_long"] }));

test("what is refused as a whole is refused in all", async () =>
  assert.deepEqual(await sent({ status: 401, body: results("bad_key") }), { codes: ["bad_key", "bad_key"] }));

for (const status of [413, 400])
  test(`${status} of several events is too large, since one may be to blame`, async () =>
    assert.deepEqual(await sent({ status, body: results("x") }), { tooLarge: true }));

test("413 of one event is a refusal, whoever said it", async () =>
  assert.deepEqual(await sent({ status: 413 }, EVENTS.slice(0, 1)), { codes: [413] }));

test("400 of one event is the server's verdict", async () =>
  assert.deepEqual(await sent({ status: 400, body: results("bad") }, EVENTS.slice(0, 1)), { codes: ["bad"] }));

for (const body of [undefined, {}, { title: "Busy" }])
  test(`an answer of ${JSON.stringify(body)} is no verdict: it is sent again when the server wants it`, async () =>
    assert.deepEqual(await sent({ status: 503, headers: { "Retry-After": "30" }, body }), { again: 30000 }));

test("no answer says nothing", async () =>
  assert.deepEqual(await make(async () => { throw new TypeError("Failed to fetch"); }).send(EVENTS), {}));

test("a page that goes away sends by beacon what it could not send, another does not", async () => {
  const fail = async () => { throw new TypeError("keepalive"); };
  const leaving = make(fail);
  await leaving.send(EVENTS, true);
  assert.equal(leaving.log.beacons.length, 1);
  assert.equal(leaving.log.beacons[0][0], "https://e.example/v1/b");
  assert.equal(JSON.parse(leaving.log.beacons[0][1]).batch.length, 2);
  const staying = make(fail);
  await staying.send(EVENTS);
  assert.deepEqual(staying.log.beacons, []);
});

function post(answer, timeout) {
  const asked = [];
  const fetch = async (...args) => (asked.push(args), answer);
  return { asked, run: createPost({ host: "https://e.example", fetch, timeout }) };
}

test("a post goes to the host, without cookies, and may outlive the page", async () => {
  const { asked, run } = post({ status: 200, headers: { get: (name) => `${name}!` }, json: async () => ({ a: 1 }) });
  const { status, header, body } = await run("/x", "{}", { A: "b" }, true);
  assert.deepEqual([status, header("H"), body], [200, "H!", { a: 1 }]);
  assert.deepEqual(asked, [["https://e.example/x", { method: "POST", body: "{}", headers: { A: "b" }, keepalive: true, credentials: "omit" }]]);
});

test("an answer that is no JSON has no body", async () => {
  const { run } = post({ status: 502, headers: { get: () => null }, json: async () => { throw new SyntaxError("<"); } });
  assert.equal((await run("/x", "{}", {})).body, undefined);
});

test("a post that nobody answers is given up", () => {
  const run = createPost({ host: "", fetch: () => new Promise(() => {}), timeout: 1 });
  return assert.rejects(run("/x", "{}", {}));
});
