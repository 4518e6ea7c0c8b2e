// Where a tap that goes on to a step leads, by what was answered (messaging/content/branching.py), and how far on a step is.
import { kindOf } from "./behaviour.js";
import { BEHAVIOURS } from "./behaviours.js";
import { KINDS } from "./kinds.js";

const goesToStep = (action) => BEHAVIOURS[kindOf(action)].goesToStep;

const actionsOf = (block) => [...(block.options || []), block.action].filter(Boolean);

const blockOf = (step, { id }) => (step.blocks || []).find((block) => actionsOf(block).some((one) => one.id === id));

/** What was answered by now, by question, with what this tap answers. */
export function answered(answers, step, action) {
  const block = blockOf(step, action);
  const answer = block && KINDS[block.kind]?.answerOf?.(block, action);
  return answer ? { ...answers, [block.id]: answer } : answers;
}

const END = ""; // where a branch goes to that ends the message

/** The action as it is after these answers: one that goes to a step goes where the first branch that holds says, or ends. */
export function branched(step, action, answers) {
  if (!goesToStep(action)) return action;
  const branch = (step.branches || []).find(({ question, answers: wanted }) => [answers[question]].flat().some((key) => wanted.includes(key)));
  if (!branch) return action;
  return { ...action, behaviour: branch.to === END ? { kind: "submit", value: "" } : { ...action.behaviour, value: branch.to } };
}

/** The steps that may come next. */
function after(step) {
  const own = (step.blocks || []).flatMap(actionsOf).filter(goesToStep).map((action) => action.behaviour.value);
  return own.length ? [...own, ...(step.branches || []).map(({ to }) => to)] : [];
}

/** The fewest steps from the first to this one, counting both; a step that nobody reaches counts by its place. */
function shortest({ steps }, wanted) {
  const byId = new Map(steps.map((step) => [step.id, step]));
  let round = steps.slice(0, 1);
  const seen = new Set(round);
  for (let count = 1; round.length; count += 1) {
    if (round.includes(wanted)) return count;
    round = [...new Set(round.flatMap(after).map((id) => byId.get(id)))].filter((step) => step && !seen.has(step));
    round.forEach((step) => seen.add(step));
  }
  return steps.indexOf(wanted) + 1;
}

/** The most steps that may still come; going back to one is not going on. */
function longest({ steps }, from) {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const known = new Map();
  function count(step) {
    if (known.has(step)) return known.get(step);
    known.set(step, null); // under way: whoever leads here goes back
    const coming = after(step).map((id) => byId.get(id)).filter((next) => next && known.get(next) !== null);
    const found = Math.max(0, ...coming.map((next) => 1 + count(next)));
    known.set(step, found);
    return found;
  }
  return count(from);
}

/** `{at, of}`: the how manieth step it is, of at most how many. */
export function progressOf(content, step) {
  const at = shortest(content, step);
  return { at, of: at + longest(content, step) };
}
