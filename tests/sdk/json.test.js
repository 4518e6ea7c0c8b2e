import assert from "node:assert/strict";
import { test } from "node:test";

import { jsonOf } from "../../static/sdk/src/json.js";
import { makePage, makeServer } from "./world.js";

const loop = {};
loop.loop = loop;

const UNFIT = {
  "contains itself": { a: loop },
  "has a getter that throws": { get a() { throw new Error("no"); } },
  "has a toJSON that throws": { a: { toJSON() { throw new Error("no"); } } },
};

for (const [what, properties] of Object.entries(UNFIT)) {
  test(`a call that ${what} is no call`, () => assert.equal(jsonOf({ type: "track", properties }), null));
}

test("whole numbers of any size are carried as text", () => {
  assert.deepEqual(jsonOf({ properties: { cents: 10n } }), { properties: { cents: "10" } });
});

test("what is carried is a copy: the app may change its own afterwards", () => {
  const properties = { list: [1] };
  const copy = jsonOf({ properties });
  properties.list.push(2);
  assert.deepEqual(copy.properties.list, [1]);
});

for (const [what, event] of Object.entries({ ...UNFIT, "is nothing": undefined, "is null": null })) {
  test(`an entry that ${what} is dropped with a word, and holds up nothing behind it`, async () => {
    const { queue, server, errors } = makePage({
      store: {
        entries: [{ key: "1", event }, { key: "2", event: { messageId: "good" } }],
        peek: async function () { return [...this.entries]; },
        remove: async function (keys) { this.entries = this.entries.filter(({ key }) => !keys.includes(key)); },
        add: async () => [],
      },
    });
    await queue.flush();
    assert.deepEqual(server.ids(), ["good"]);
    assert.match(errors[0], /bad_json/);
  });
}

test("a batch that is refused as a whole is halved, so that only the event to blame is dropped", async () => {
  const server = makeServer();
  const { fetch } = server;
  server.fetch = async (url, request) => {
    if (!request.body.includes("odd")) return fetch(url, request);
    const body = { code: "bad_json", results: [{ verdict: "rejected", code: "bad_json" }] };
    return { status: 400, headers: { get: () => null }, json: async () => body };
  };
  const { queue, errors } = makePage({ server });
  for (const messageId of ["a", "odd", "b", "c"]) await queue.add({ messageId });
  await queue.flush();
  assert.deepEqual(server.ids().sort(), ["a", "b", "c"]);
  assert.equal(errors.length, 1);
});
