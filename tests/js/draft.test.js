import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";
import * as d from "../../static/js/lib/draft.js";

const folder = new URL("../../static/blocks/", import.meta.url);
const KINDS = Object.fromEntries(await Promise.all(readdirSync(folder).map(async (file) => [file.replace(".js", ""), (await import(new URL(file, folder))).default])));

const draft = () => ({
  steps: [{ id: "s", name: "One", blocks: [d.newBlock("text", KINDS.text), { kind: "button", id: "b", style: "primary", action: { ...d.newAction("Yes"), id: "a" } }] }],
  close: { ...d.newAction("Close"), id: "close", name: "Dismissed", follows: false },
  display: { type: "modal" },
});

test("the name is kept equal to the text", () => {
  assert.equal(d.find(d.setText(draft(), "a", "Count me in"), "a").action.name, "Count me in");
});

test("a name of its own stays when the text changes", () => {
  const parted = d.setName(draft(), "a", "joined");
  assert.equal(d.find(d.setText(parted, "a", "Join"), "a").action.name, "joined");
});

test("a parted name can follow again", () => {
  const linked = d.follow(d.setName(draft(), "a", "joined"), "a");
  assert.equal(d.find(d.setText(linked, "a", "Join"), "a").action.name, "Join");
});

test("a change leaves the old draft alone", () => {
  const before = draft();
  d.remove(before, "b");
  assert.equal(before.steps[0].blocks.length, 2);
});

test("a copy has ids of its own", () => {
  const [next, copy] = d.duplicate(draft(), "s");
  const ids = next.steps.flatMap((step) => [step.id, ...step.blocks.flatMap((b) => [b.id, ...d.actionsOf(b).map((a) => a.id)])]);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(d.find(next, copy).step);
});

test("moving past the end stays at the end", () => {
  assert.equal(d.move(draft(), "b", 5).steps[0].blocks[1].id, "b");
});

test("track clicks is on for whatever is added", () => {
  const tracked = Object.entries(KINDS).flatMap(([kind, found]) => d.actionsOf(d.newBlock(kind, found))).map((action) => action.track);
  assert.deepEqual(new Set(tracked), new Set([true]));
});

test("undo gives back what was, redo what became of it", () => {
  const history = new d.History("a");
  history.push("b");
  history.undo();
  assert.equal(history.draft, "a");
  history.redo();
  assert.equal(history.draft, "b");
});

test("typing in one field is undone at once", () => {
  const history = new d.History("", () => 0);
  for (const text of ["a", "ab", "abc"]) history.push(text, "a.text");
  history.undo();
  assert.equal(history.draft, "");
});

test("a banner does not stand in the centre", () => {
  const modal = { ...draft(), display: { type: "modal", position: "center" } };
  assert.deepEqual(d.setType(modal, "banner").display, { type: "banner", position: "top" });
  assert.equal(d.setType(modal, "inline").display.position, "center");
});

test("the branches of a copied step ask its own copies, and go where they went", () => {
  const choice = { id: "choice-1", kind: "choice", options: [{ id: "action-1", text: "Yes" }] };
  const branches = [{ question: "choice-1", answers: ["action-1"], to: "step-9" }, { question: "rating-9", answers: ["3"], to: "step-9" }];
  const whole = { ...draft(), steps: [{ id: "step-1", name: "Ask", blocks: [choice], branches }] };
  const [next, copy] = d.duplicate(whole, "step-1");
  const made = next.steps.find(({ id }) => id === copy);
  assert.deepEqual(made.branches, [
    { question: made.blocks[0].id, answers: [made.blocks[0].options[0].id], to: "step-9" },
    { question: "rating-9", answers: ["3"], to: "step-9" },
  ]);
  assert.notEqual(made.blocks[0].id, "choice-1");
  assert.deepEqual(next.steps[0].branches, branches);
});
