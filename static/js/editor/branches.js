// Where a step goes on to by what was answered: its branches, asked in their order (messaging/content/branching.py).
import { BEHAVIOURS } from "../../renderer/behaviours.js";
import { KINDS } from "../../renderer/kinds.js";
import { actionsOf, update } from "../lib/draft.js";
import { h } from "../lib/dom.js";
import { select } from "./fields.js";

const END = ["", "End of the message"];
const SCORES = Array.from({ length: 11 }, (_, at) => String(at));
const RANGES = [["Detractors, 0 to 6", 0, 6], ["Passives, 7 and 8", 7, 8], ["Promoters, 9 and 10", 9, 10]];

/** The questions of the steps up to this one: `{id, words, answers}`. */
export function questionsOf({ steps }, stepId) {
  const until = steps.findIndex(({ id }) => id === stepId);
  return steps.slice(0, until + 1).flatMap((step, at) =>
    step.blocks.filter(({ kind }) => KINDS[kind]?.answers).map((block) => ({
      id: block.id,
      words: `${at + 1}. ${block.action?.name || step.name || "Step"} (${KINDS[block.kind].label.toLowerCase()})`,
      answers: KINDS[block.kind].answers(block),
    })));
}

/** The part of a step's settings that is about its branches. */
export function branchFields(step, editor) {
  const { draft, readonly } = editor;
  const branches = step.branches ?? [];
  const questions = questionsOf(draft, step.id);
  const steps = draft.steps.map(({ id, name }, at) => [id, `${at + 1}. ${name || "Step"}`]).filter(([id]) => id !== step.id);
  const save = (next) => editor.edit(update(editor.draft, step.id, { branches: next }));
  const set = (at, fields) => save(branches.map((one, place) => (place === at ? { ...one, ...fields } : one)));
  const move = (at, by) => {
    const next = [...branches];
    next.splice(at + by, 0, ...next.splice(at, 1));
    save(next);
  };
  const add = () => save([...branches, { question: questions.at(-1).id, answers: [], to: steps.at(-1)[0] }]);
  return [
    h("h3", { class: "mt-3" }, "Branches"),
    h("p", { class: "soft" }, hint(step, questions, steps)),
    ...branches.map((branch, at) => branchPart(branch, at, { branches, questions, steps, readonly, set, save, move })),
    !readonly && h("button", { class: "btn", type: "button", "data-test": "add-branch", disabled: !questions.length || !steps.length, onclick: add }, "Add a branch"),
  ].filter(Boolean);
}

function hint(step, questions, steps) {
  if (!questions.length) return "Ask something in this step or in one before it, and the answer can decide which step comes next.";
  if (!steps.length) return "Add another step to go to.";
  if (!step.blocks.flatMap(actionsOf).some(({ behaviour }) => BEHAVIOURS[behaviour?.kind]?.goesToStep))
    return "Let an action of this step go to a step: the first branch that holds then decides which one.";
  return "After a tap that goes to a step, the first branch that holds decides which one. Where none holds, the action's own step comes next.";
}

function branchPart(branch, at, { branches, questions, steps, readonly, set, save, move }) {
  const question = questions.find(({ id }) => id === branch.question);
  const tool = (sign, label, act, off) => h("button", { class: "btn btn-icon btn-sm", type: "button", title: label, "aria-label": `${label}: branch ${at + 1}`, "data-sign": sign, disabled: off, onclick: act });
  const named = (list, key, missing) => (list.some(([id]) => id === key) ? list : [[key, missing], ...list]);
  return h("fieldset", { class: "branch", "data-test": `branch-${at + 1}` },
    h("legend", {}, `Branch ${at + 1}`),
    !readonly && h("span", { class: "tools" },
      tool("↑", "Move up", () => move(at, -1), at === 0),
      tool("↓", "Move down", () => move(at, 1), at === branches.length - 1),
      tool("✕", "Delete", () => save(branches.filter((_, place) => place !== at)))),
    select("When the answer to", branch.question, named(questions.map(({ id, words }) => [id, words]), branch.question, "A question that is gone"),
      (id) => set(at, { question: id, answers: [] }), { test: "branch-question", readonly }),
    question && answerFields(question, branch, (answers) => set(at, { answers }), readonly),
    select("goes to", branch.to, named([...steps, END], branch.to, "A step that is gone"), (to) => set(at, { to }), { test: "branch-to", readonly }));
}

/** A box for each answer; for a score from 0 to 10 also the three ranges that everybody uses; *is not* is all but what is chosen. */
function answerFields({ answers }, branch, set, readonly) {
  const keys = answers.map(([key]) => key);
  const scored = keys.join() === SCORES.join();
  const pick = (words, wanted, off) => h("button", { class: "btn btn-sm", type: "button", disabled: off, onclick: () => set(wanted) }, words);
  const flip = (key, on) => set(keys.filter((one) => (one === key ? on : branch.answers.includes(one))));
  return h("div", { class: "mb-3" },
    h("div", { class: "form-label" }, "is"),
    !readonly && keys.length > 2 && h("div", { class: "ranges" },
      scored && RANGES.map(([words, from, to]) => pick(words, SCORES.slice(from, to + 1))),
      pick("All but these", keys.filter((key) => !branch.answers.includes(key)), !branch.answers.length)),
    h("div", { class: scored ? "branch-answers is-scores" : "branch-answers" }, answers.map(([key, words]) =>
      h("label", { class: "form-check" },
        h("input", { class: "form-check-input", type: "checkbox", checked: branch.answers.includes(key), disabled: readonly, onchange: (event) => flip(key, event.target.checked) }),
        h("span", { class: "form-check-label" }, words)))));
}
