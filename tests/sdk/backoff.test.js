import assert from "node:assert/strict";
import { test } from "node:test";

import { delayOf, retryAfter } from "../../static/sdk/src/backoff.js";

test("waits double up to five minutes, half of each by chance", () => {
  for (const [attempt, whole] of [[0, 1000], [1, 2000], [5, 32000], [9, 300000], [40, 300000]]) {
    assert.equal(delayOf(attempt, 0, () => 0), whole / 2);
    assert.equal(delayOf(attempt, 0, () => 1), whole);
  }
});

test("a server's Retry-After is never undercut", () => {
  assert.ok(delayOf(0, 45000, () => 0) >= 45000);
});

test("Retry-After may be seconds or a date; nonsense and the past are none", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  assert.equal(retryAfter("12", now), 12000);
  assert.equal(retryAfter("Thu, 01 Jan 2026 00:01:00 GMT", now), 60000);
  for (const none of [null, "", "soon", "-5", "Wed, 31 Dec 2025 00:00:00 GMT"]) assert.equal(retryAfter(none, now), 0);
  assert.equal(retryAfter("999999999", now), 3600000);
});
