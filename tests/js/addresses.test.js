// The SDK against the table of addresses that the server is held to as well (tests/messaging/test_addresses.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { safeUrl } from "../../static/sdk/src/effects.js";

const BASE = "https://app.example/page";
const table = JSON.parse(readFileSync(new URL("../addresses.json", import.meta.url)));

for (const { address, link, deep_link: deepLink, script } of table) {
  test(`${JSON.stringify(address)}: ${script ? "never" : "only as the table says"} gone to`, () => {
    if (script || address === "") {
      assert.equal(safeUrl(address, BASE), "");
      assert.equal(safeUrl(address, BASE, true), "");
    } else {
      if (link) assert.notEqual(safeUrl(address, BASE), "");
      if (deepLink) assert.notEqual(safeUrl(address, BASE, true), "");
      if (deepLink && !link) assert.equal(safeUrl(address, BASE), "");
    }
  });
}
