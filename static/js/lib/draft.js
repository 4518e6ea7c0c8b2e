// A draft is plain JSON (messaging/content.py). Every function gives a new draft and leaves the old one alone.

export const id = (kind) => `${kind}-${crypto.getRandomValues(new Uint32Array(2)).reduce((s, n) => s + n.toString(36), "").slice(0, 10)}`;

export const newAction = (text, kind = "dismiss", value = "") => ({
  id: id("action"), text, name: text, track: true, follows: true, value: "", behaviour: { kind, value },
});

/** A new block as its kind's module makes it (static/blocks/). */
export const newBlock = (kind, { make }) => ({ kind, id: id(kind), ...make({ action: newAction }) });

const change = (draft, recipe) => {
  const next = structuredClone(draft);
  recipe(next);
  return next;
};

/** What an id stands for: {step, block, action} as far as they go; the close action is "close". */
export function find(draft, wanted) {
  if (draft.close.id === wanted) return { action: draft.close, close: true };
  for (const step of draft.steps) {
    if (step.id === wanted) return { step };
    for (const block of step.blocks) {
      if (block.id === wanted) return { step, block, action: block.action };
      const action = actionsOf(block).find((one) => one.id === wanted);
      if (action) return { step, block, action, option: action !== block.action };
    }
  }
  return null;
}

/** The actions that an author edits: the options of a block, and the one that it has. */
export const actionsOf = (block) => [...(block.options ?? []), block.action].filter(Boolean);

export const allActions = (draft) => [...draft.steps.flatMap((step) => step.blocks.flatMap(actionsOf)), draft.close];

export const update = (draft, wanted, fields) => change(draft, (next) => {
  const found = find(next, wanted);
  Object.assign(found.block && found.block.id === wanted ? found.block : found.action || found.step, fields);
});

/** The name is kept equal to the text until the author parts them. */
export const setText = (draft, wanted, text) => change(draft, (next) => {
  const { action } = find(next, wanted);
  action.text = text;
  if (action.follows) action.name = text;
});

export const setName = (draft, wanted, name) => change(draft, (next) => {
  const { action } = find(next, wanted);
  Object.assign(action, { name, follows: name === action.text });
});

export const follow = (draft, wanted) => change(draft, (next) => {
  const { action } = find(next, wanted);
  Object.assign(action, { name: action.text, follows: true });
});

export const setMessage = (draft, fields) => change(draft, (next) => Object.assign(next, fields));

export const setDisplay = (draft, fields) => change(draft, (next) => Object.assign(next.display, fields));

/** A banner stands at an edge: one that was in the centre moves to the top. */
export const setType = (draft, type) => change(draft, (next) => {
  next.display.type = type;
  if (type === "banner" && next.display.position === "center") next.display.position = "top";
});

export const addStep = (draft, step) => change(draft, (next) => next.steps.push(step));

export const newStep = (draft) => ({ id: id("step"), name: `Step ${draft.steps.length + 1}`, blocks: [] });

export const addBlock = (draft, stepId, block) => change(draft, (next) => find(next, stepId).step.blocks.push(block));

export const addOption = (draft, blockId, option) => change(draft, (next) => find(next, blockId).block.options.push(option));

/** The list that holds a step, block or option, and its place there. */
function place(draft, wanted) {
  const found = find(draft, wanted);
  if (!found || found.close) return null;
  const list = found.option ? found.block.options : found.block ? found.step.blocks : draft.steps;
  return { list, at: list.findIndex((one) => one.id === wanted) };
}

export const remove = (draft, wanted) => change(draft, (next) => {
  const { list, at } = place(next, wanted);
  list.splice(at, 1);
});

export const move = (draft, wanted, by) => change(draft, (next) => {
  const { list, at } = place(next, wanted);
  const to = Math.max(0, Math.min(list.length - 1, at + by));
  list.splice(to, 0, ...list.splice(at, 1));
});

export const moveBlock = (draft, wanted, stepId, to) => change(draft, (next) => {
  const { list, at } = place(next, wanted);
  const [block] = list.splice(at, 1);
  find(next, stepId).step.blocks.splice(to, 0, block);
});

/** A copy with ids of its own, right behind the original; gives the new draft and the copy's id. */
export function duplicate(draft, wanted) {
  let copy;
  const next = change(draft, (fresh) => {
    const { list, at } = place(fresh, wanted);
    copy = renewed(list[at]);
    list.splice(at + 1, 0, copy);
  });
  return [next, copy.id];
}

function renewed(part) {
  const copy = structuredClone(part);
  const now = new Map();
  const visit = (value) => {
    if (!value || typeof value !== "object") return;
    if (typeof value.id === "string") {
      const before = value.id;
      now.set(before, (value.id = id(before.split("-")[0])));
    }
    Object.values(value).forEach(visit);
  };
  visit(copy);
  const renamed = (before) => now.get(before) ?? before;
  // What a copied step asks of its own questions it asks of their copies.
  if (copy.branches) copy.branches = copy.branches.map((one) => ({ ...one, question: renamed(one.question), answers: one.answers.map(renamed) }));
  return copy;
}

/** Undo and redo. Edits of the same field within a second are one. */
export class History {
  constructor(draft, now = Date.now) {
    Object.assign(this, { past: [], draft, future: [], key: null, at: 0, now });
  }

  push(draft, key = null) {
    const soon = key && key === this.key && this.now() - this.at < 1000;
    if (!soon) this.past.push(this.draft);
    if (this.past.length > 200) this.past.shift();
    Object.assign(this, { draft, future: [], key, at: this.now() });
  }

  undo() {
    if (!this.past.length) return;
    this.future.push(this.draft);
    Object.assign(this, { draft: this.past.pop(), key: null });
  }

  redo() {
    if (!this.future.length) return;
    this.past.push(this.draft);
    Object.assign(this, { draft: this.future.pop(), key: null });
  }
}
