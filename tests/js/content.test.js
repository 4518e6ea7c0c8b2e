import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { contentOf } from "../../static/renderer/content.js";

let asked, waits;

beforeEach(() => {
  asked = [];
  waits = [];
  globalThis.window = { location: { href: "https://e.example/renderer/index.html?x=1" } };
  mock.reset();
  mock.method(globalThis, "setTimeout", (work, wait) => (waits.push(wait), queueMicrotask(work)));
});

/** A server that answers in turn; null never answers. */
function serve(...answers) {
  globalThis.fetch = async (url, options) => {
    asked.push([url.href, options]);
    const status = answers.shift();
    if (!status) throw new TypeError("Failed to fetch");
    return { ok: status === 200, status, json: async () => ({ steps: [] }) };
  };
}

test("content is asked for by its delivery, without cookies", async () => {
  serve(200);
  assert.deepEqual(await contentOf("a/b ü"), { steps: [] });
  assert.deepEqual(asked, [["https://e.example/renderer/content/a%2Fb%20%C3%BC", { credentials: "omit" }]]);
});

for (const status of [500, 503, 429, null])
  test(`after ${status ?? "no answer"} it is asked again, later and later`, async () => {
    serve(status, status, 200);
    await contentOf("d1");
    assert.deepEqual(waits, [400, 1500]);
  });

for (const [status, why] of [[503, "The content was refused with 503."], [null, "The content cannot be reached."]])
  test(`after three times ${status ?? "no answer"} it is given up`, async () => {
    serve(status, status, status, 200);
    await assert.rejects(contentOf("d1"), { message: why });
    assert.equal(asked.length, 3);
  });

for (const status of [400, 401, 404, 410, 499])
  test(`a refusal with ${status} is final`, async () => {
    serve(status, 200);
    await assert.rejects(contentOf("d1"), { message: `The content was refused with ${status}.` });
    assert.equal(asked.length, 1);
    assert.deepEqual(waits, []);
  });

test("an answer that breaks off is asked for again", async () => {
  let turn = 0;
  globalThis.fetch = async () => ({
    ok: true,
    json: async () => {
      if ((turn += 1) === 1) throw new SyntaxError("Unexpected end");
      return { steps: [] };
    },
  });
  assert.deepEqual(await contentOf("d1"), { steps: [] });
});
