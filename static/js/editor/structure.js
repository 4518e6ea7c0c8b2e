// The steps and blocks of the message: select, add, move, copy, delete.
import { KINDS } from "../../renderer/kinds.js";
import * as d from "../lib/draft.js";
import { h } from "../lib/dom.js";

export function structure(root, editor) {
  const { draft } = editor;
  const focused = document.activeElement?.dataset?.key;
  root.replaceChildren(
    ...draft.steps.map((step) => stepPart(step, editor)),
    h("div", { class: "structure-foot" },
      !editor.readonly && h("button", { class: "btn btn-sm w-100", type: "button", "data-key": "add-step", "data-test": "add-step", onclick: () => {
        const step = d.newStep(editor.draft);
        editor.edit(d.addStep(editor.draft, step), { select: step.id });
      } }, "Add a step"),
      row(editor, draft.close.id, "Close button", draft.close.name, null),
      row(editor, "", "Message settings", draft.display.type, null)),
  );
  dots(root, editor.remarks);
  if (focused) (root.querySelector(`[data-key="${CSS.escape(focused)}"]`) ?? root.querySelector(".selected .part-name"))?.focus();
  if (!editor.readonly) sortable(root, editor);
}

/** Which parts the reviewer spoke of. In place: a redraw under the pointer would swallow its click. */
export function dots(root, remarks) {
  for (const dot of root.querySelectorAll("[data-dot]")) {
    const kind = remarks.find((one) => one.where !== "" && dot.dataset.dot.split(" ").includes(one.where))?.kind;
    dot.className = kind ? `dot dot-${kind}` : "dot";
    dot.title = { bad: "Fix this", warn: "A hint" }[kind] ?? "";
  }
}

function stepPart(step, editor) {
  return h("section", { class: "step" },
    row(editor, step.id, step.name || "Step", branched(step), editor.draft.steps.length > 1 ? "step" : "only"),
    h("div", { class: "blocks", "data-step": step.id }, step.blocks.map((block) => blockPart(block, editor))),
    !editor.readonly && h("div", { class: "adders", role: "group", "aria-label": `Add to ${step.name}` },
      Object.entries(KINDS).sort(([, one], [, other]) => one.order - other.order).map(([kind, found]) => h("button", {
        class: "btn btn-sm adder", type: "button", "data-key": `${step.id}/add-${kind}`, "data-test": `add-${kind}`, onclick: () => {
          const block = d.newBlock(kind, found);
          editor.edit(d.addBlock(editor.draft, step.id, block), { select: block.id });
          editor.enter({ fresh: true });
        },
      }, `+ ${found.label}`))));
}

const branched = ({ branches: { length } = [] }) => (length ? `${length} ${length === 1 ? "branch" : "branches"}` : "");

function blockPart(block, editor) {
  const { label, summary = named } = KINDS[block.kind];
  const options = block.options ?? [];
  return h("div", { class: "block", "data-block": block.id },
    row(editor, block.id, label, summary(block), "block", block.action?.id),
    options.map((option) => h("div", { class: "option" }, row(editor, option.id, option.text || "Answer", "", "option"))));
}

/** What a block is known by where its kind says nothing else: its action's text or name. */
const named = ({ action }) => action?.text || action?.name || "";

function row(editor, id, label, detail, movable, actionId = id) {
  const selected = editor.selected === id;
  return h("div", { class: `part${selected ? " selected" : ""}` },
    h("button", { class: "part-name", type: "button", "aria-pressed": String(selected), "data-key": id || "message", "data-test": `part-${id || "message"}`, onclick: () => editor.select(id) },
      h("span", {}, label), detail && h("span", { class: "soft" }, detail),
      h("span", { class: "dot", "data-dot": `${id} ${actionId}` })),
    movable && selected && !editor.readonly && tools(editor, id, movable));
}

function tools(editor, id, movable) {
  const tool = (sign, label, act) => h("button", { class: "btn btn-icon btn-sm", type: "button", title: label, "aria-label": label, "data-sign": sign, "data-key": `${id}/${label}`, "data-test": label.toLowerCase().replace(" ", "-"), onclick: act });
  return h("span", { class: "tools" },
    tool("↑", "Move up", () => editor.edit(d.move(editor.draft, id, -1))),
    tool("↓", "Move down", () => editor.edit(d.move(editor.draft, id, 1))),
    tool("+1", "Duplicate", () => {
      const [draft, copy] = d.duplicate(editor.draft, id);
      editor.edit(draft, { select: copy });
    }),
    movable !== "only" && tool("✕", "Delete", () => editor.edit(d.remove(editor.draft, id))));
}

function sortable(root, editor) {
  if (!window.Sortable) return;
  for (const list of root.querySelectorAll(".blocks")) {
    window.Sortable.create(list, {
      group: "blocks",
      animation: 120,
      delay: 120,
      delayOnTouchOnly: true,
      onEnd: (event) => editor.edit(d.moveBlock(editor.draft, event.item.dataset.block, event.to.dataset.step, event.newIndex), { select: event.item.dataset.block }),
    });
  }
}
