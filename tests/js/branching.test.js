// Where a tap leads by what was answered, and how far on a step is.
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { makePage } from "../page.js";

let branching;
before(async () => {
  makePage(`<script type="application/json" id="block-kinds">["button", "rating", "choice", "input"]</script>`);
  await (await import("../../static/renderer/kinds.js")).loaded;
  branching = await import("../../static/renderer/branching.js");
});

const going = (id, to, over = {}) => ({ id, behaviour: { kind: "step", value: to }, ...over });
const button = (id, to) => ({ kind: "button", id: `b-${id}`, action: going(id, to) });
const end = (id) => ({ kind: "button", id: `b-${id}`, action: { id } });
const nps = (to) => ({
  kind: "rating", id: "nps", scale: "nps", action: going("p", to),
  options: Array.from({ length: 11 }, (_, at) => going(`p.${at}`, to, { value: String(at) })),
});
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at));
const SURVEY = {
  steps: [
    { id: "ask", blocks: [nps("thanks")], branches: [{ question: "nps", answers: range(0, 6), to: "why" }, { question: "nps", answers: range(9, 10), to: "review" }] },
    { id: "why", blocks: [{ kind: "input", id: "text", action: going("send", "thanks") }], branches: [{ question: "text", answers: ["empty"], to: "sure" }] },
    { id: "sure", blocks: [button("yes", "thanks")] },
    { id: "review", blocks: [button("later", "thanks")] },
    { id: "thanks", blocks: [end("done")] },
  ],
};
const step = (id) => SURVEY.steps.find((one) => one.id === id);

/** Where these taps, one for each step, lead: `point(9)` on the first, and so on. */
function led(...taps) {
  let answers = {};
  let at = SURVEY.steps[0];
  for (const action of taps) {
    answers = branching.answered(answers, at, action);
    at = step(branching.branched(at, action, answers).behaviour.value);
  }
  return at.id;
}
const point = (n) => step("ask").blocks[0].options[n];
const send = (value) => ({ ...step("why").blocks[0].action, value });

for (const [score, to] of [[0, "why"], [6, "why"], [7, "thanks"], [8, "thanks"], [9, "review"], [10, "review"]])
  test(`a score of ${score} leads to ${to}`, () => assert.equal(led(point(score)), to));

test("a text that was written and one that was left empty lead apart", () => {
  assert.equal(led(point(3), send("Too slow")), "thanks");
  assert.equal(led(point(3), send("")), "sure");
});

test("an option is known by its id, whatever its text", () => {
  const choice = { kind: "choice", id: "c", options: [going("x", "s2"), going("y", "s2")] };
  const asked = { id: "s1", blocks: [choice], branches: [{ question: "c", answers: ["y"], to: "s3" }] };
  assert.deepEqual(branching.answered({}, asked, choice.options[1]), { c: "y" });
  assert.equal(branching.branched(asked, choice.options[1], { c: "y" }).behaviour.value, "s3");
  assert.equal(branching.branched(asked, choice.options[0], { c: "x" }).behaviour.value, "s2");
});

test("a later step asks what was answered before it", () => {
  const later = { id: "later", blocks: [button("on", "thanks")], branches: [{ question: "nps", answers: ["10"], to: "review" }] };
  assert.equal(branching.branched(later, later.blocks[0].action, { nps: "10" }).behaviour.value, "review");
  assert.equal(branching.branched(later, later.blocks[0].action, { nps: "9" }).behaviour.value, "thanks");
  assert.equal(branching.branched(later, later.blocks[0].action, {}).behaviour.value, "thanks");
});

test("the first branch that holds decides", () => {
  const twice = { id: "s", blocks: [], branches: [{ question: "nps", answers: ["1"], to: "a" }, { question: "nps", answers: ["1"], to: "b" }] };
  assert.equal(branching.branched(twice, going("x", "c"), { nps: "1" }).behaviour.value, "a");
});

test("a branch to the end closes the message, and the tap is still that of its action", () => {
  const ask = { id: "s", blocks: [], branches: [{ question: "nps", answers: ["1"], to: "" }] };
  const ended = branching.branched(ask, going("p.1", "a", { name: "NPS 1" }), { nps: "1" });
  assert.deepEqual(ended, { id: "p.1", name: "NPS 1", behaviour: { kind: "submit", value: "" } });
  assert.equal(branching.branched(ask, going("p.2", "a"), { nps: "2" }).behaviour.value, "a");
});

test("the end is no step of the progress", () => {
  const steps = [{ id: "a", blocks: [nps("b")], branches: [{ question: "nps", answers: ["1"], to: "" }] }, { id: "b" }];
  assert.deepEqual(branching.progressOf({ steps }, steps[0]), { at: 1, of: 2 });
  assert.deepEqual(branching.progressOf({ steps }, steps[1]), { at: 2, of: 2 });
});

test("what goes to no step is not led anywhere", () => {
  const action = { id: "x", behaviour: { kind: "url", value: "https://a.example/" } };
  const asked = { id: "s", blocks: [], branches: [{ question: "nps", answers: ["1"], to: "a" }] };
  assert.equal(branching.branched(asked, action, { nps: "1" }), action);
  assert.deepEqual(branching.answered({ nps: "1" }, asked, { id: "close" }), { nps: "1" });
});

for (const [id, at, of] of [["ask", 1, 4], ["why", 2, 4], ["sure", 3, 4], ["review", 2, 3], ["thanks", 2, 2]])
  test(`${id} is step ${at} of at most ${of}`, () => assert.deepEqual(branching.progressOf(SURVEY, step(id)), { at, of }));

test("a step that nobody reaches counts by its place, and a circle ends", () => {
  const steps = [{ id: "a", blocks: [button("1", "b")] }, { id: "b", blocks: [button("2", "a")] }, { id: "c" }];
  assert.deepEqual(branching.progressOf({ steps }, steps[2]), { at: 3, of: 3 });
  assert.deepEqual(branching.progressOf({ steps }, steps[0]), { at: 1, of: 2 });
});
