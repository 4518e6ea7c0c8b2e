// A question of which several answers are chosen: what is drawn, what is told, and what is not taken.
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { makePage } from "../page.js";

let multiple, wrong, page;
before(async () => {
  page = makePage("<main id=message></main>");
  ({ default: multiple, wrong } = await import("../../static/blocks/multiple.js"));
});

const option = (id) => ({ id, text: `Text ${id}`, name: `Name ${id}`, track: true, behaviour: { kind: "custom", value: "choose" } });
const BLOCK = {
  id: "m", options: ["a", "b", "c", "d"].map(option), least: 1, most: 2, other: "c", none: "d",
  action: { id: "send", text: "Send", name: "Send", behaviour: { kind: "submit" } },
};

function drawn(over = {}) {
  const taps = [];
  const root = page.document.getElementById("message");
  const element = multiple.draw({ ...BLOCK, ...over }, { tap: (action) => taps.push(action) });
  root.replaceChildren(element);
  const box = (id) => element.querySelector(`[data-action="${id}"]`);
  return {
    element, taps,
    choose: (...ids) => ids.forEach((id) => box(id).click()),
    chosen: () => [...element.querySelectorAll("input:checked")].map((one) => one.dataset.action),
    send: () => box("send").click(),
    told: () => element.querySelector("[role=alert]").textContent,
    field: () => element.querySelector(".field"),
  };
}

test("each chosen answer is a tap of its own that stays, then comes the button's", () => {
  const { choose, send, taps } = drawn();
  choose("b", "a");
  send();
  assert.deepEqual(taps.map(({ id, behaviour }) => [id, behaviour.kind]), [["a", "custom"], ["b", "custom"], ["send", "submit"]]);
  assert.deepEqual(taps.at(-1).chosen, ["a", "b"]);
});

test("nothing is told before the button is tapped", () => {
  const { choose, taps } = drawn();
  choose("a", "b", "a");
  assert.deepEqual(taps, []);
});

for (const [chosen, told] of [[[], "Choose at least 1 answer."], [["a", "b", "c"], "Choose at most 2 answers."], [["a", "b"], ""], [["d"], ""]])
  test(`${chosen.join() || "nothing"} chosen of one to two: ${told || "taken"}`, () => {
    assert.equal(wrong(BLOCK, chosen.map(option)), told);
    const { choose, send, taps, told: said, field } = drawn();
    choose(...chosen);
    if (chosen.includes("c")) field().value = "Mine";
    send();
    assert.equal(said(), told);
    assert.equal(taps.length > 0, told === "");
  });

test("none is enough where none is asked for, and as many as there are where there is no limit", () => {
  assert.equal(wrong({ least: 0, most: 0 }, []), "");
  assert.equal(wrong({ least: 0, most: 0 }, BLOCK.options), "");
});

test("the answer that excludes the others takes them away, and is taken away by them", () => {
  const { choose, chosen } = drawn();
  choose("a", "d");
  assert.deepEqual(chosen(), ["d"]);
  choose("b");
  assert.deepEqual(chosen(), ["b"]);
});

test("a text of one's own is asked for where its answer is chosen, and is the value of its tap", () => {
  const { choose, send, taps, field, told } = drawn();
  assert.equal(field().hidden, true);
  choose("c");
  assert.equal(field().hidden, false);
  send();
  assert.equal(told(), "Write something first.");
  assert.deepEqual(taps, []);
  field().value = "  A pony ";
  send();
  assert.equal(taps[0].value, "A pony");
});

test("what was wrong is no longer said once something is chosen", () => {
  const { choose, send, told } = drawn();
  send();
  choose("a");
  assert.equal(told(), "");
});

test("branches can ask for what was chosen, and for nothing but that", () => {
  assert.deepEqual(multiple.answerOf(BLOCK, { id: "send", chosen: ["a", "b"] }), ["a", "b"]);
  assert.equal(multiple.answerOf(BLOCK, { id: "a" }), undefined);
  assert.deepEqual(multiple.answers(BLOCK).map(([key]) => key), ["a", "b", "c", "d"]);
});

test("no word of the program is drawn where there is nothing to write", () => {
  assert.equal(drawn({ other: "" }).element.textContent, "Text aText bText cText dSend");
});
