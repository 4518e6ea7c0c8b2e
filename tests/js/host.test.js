import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { isHost, setInstance, tell, tellSize } from "../../static/renderer/host.js";

let said;
const parent = { postMessage: (...args) => said.push(args) };

beforeEach(() => {
  said = [];
  globalThis.window = { parent };
});

const card = (width, height) => ({ getBoundingClientRect: () => ({ width, height }) });
const sizes = () => said.map(([{ gist }]) => [gist.parameters.width, gist.parameters.height]);

test("only the page that frames this one is the host", () => {
  assert.equal(isHost({ source: parent }), true);
  assert.equal(isHost({ source: {} }), false);
  assert.equal(isHost({ source: null }), false);
  assert.equal(isHost({}), false);
});

test("the host is told by the instance that it named", () => {
  setInstance("i1");
  tell("tap", { id: "a" });
  tell("bootstrapped");
  setInstance(undefined);
  tell("tap");
  assert.deepEqual(said, [
    [{ gist: { instanceId: "i1", method: "tap", parameters: { id: "a" } } }, "*"],
    [{ gist: { instanceId: "i1", method: "bootstrapped", parameters: {} } }, "*"],
    [{ gist: { instanceId: "", method: "tap", parameters: {} } }, "*"],
  ]);
});

test("a size is told in whole pixels that hold it all", () => {
  tellSize(card(100.2, 50.01), true);
  assert.equal(said[0][0].gist.method, "sizeChanged");
  assert.deepEqual(sizes(), [[101, 51]]);
});

test("a size that stays is told once, unless it is asked for", () => {
  tellSize(card(1, 2), true);
  tellSize(card(1, 2));
  tellSize(card(1, 2), true);
  assert.deepEqual(sizes(), [[1, 2], [1, 2]]);
});

test("a size that differs in either way is told", () => {
  tellSize(card(10, 2), true);
  tellSize(card(1, 2));
  tellSize(card(1, 3));
  assert.deepEqual(sizes(), [[10, 2], [1, 2], [1, 3]]);
});

test("what is not drawn has no size", () => {
  tellSize(card(100, 0), true);
  assert.deepEqual(said, []);
});
