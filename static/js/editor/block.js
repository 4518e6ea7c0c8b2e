// What a kind's module builds its settings from (static/blocks/): fields that are bound to one block.
import * as d from "../lib/draft.js";
import { h } from "../lib/dom.js";
import { actionFields } from "./action.js";
import { select, text, toggle } from "./fields.js";
import { rich } from "./rich.js";

/** Sets a field as it is typed: the inspector stays as it is, and typing on is one step of undo. */
export const setter = (editor, id) => (field) => (value) => editor.edit(d.update(editor.draft, id, { [field]: value }), { key: `${id}.${field}` });

export function blockFields(block, editor) {
  const { readonly } = editor;
  const typed = setter(editor, block.id);
  const all = `${block.id}/*`; // the place for whatever the reviewer says of the block
  return {
    note: (words) => h("p", { class: "soft" }, words),
    text: (label, field, { remarks, ...options } = {}) => text(label, block[field], typed(field), { readonly, remarks: remarks && all, ...options }),
    number: (label, field, { remarks, ...options } = {}) => text(label, block[field], (value) => typed(field)(Number.parseInt(value, 10) || 0), { type: "number", readonly, remarks: remarks && all, ...options }),
    toggle: (label, field, options) => toggle(label, block[field], typed(field), { readonly, ...options }),
    rich: (label, field) => rich(label, block[field], typed(field), { readonly, remarks: all }),
    select: (label, field, choices, options) => select(label, block[field], choices, (value) => editor.edit(d.update(editor.draft, block.id, { [field]: value })), { readonly, ...options }),
    action: (options) => actionFields(block.action, editor, options),
    options: (label, options) => optionFields(block, editor, label, all, options),
  };
}

/** The options of a block, each with its settings on a page of its own, and a button that adds one. */
function optionFields(block, editor, label, remarks, { behaviour = ["submit"] } = {}) {
  const add = () => {
    const option = d.newAction(`${label} ${block.options.length + 1}`, ...behaviour);
    editor.edit(d.addOption(editor.draft, block.id, option), { select: option.id });
  };
  return [
    h("ul", { class: "answers" }, block.options.map((option) => h("li", {}, h("button", { class: "btn-plain", type: "button", onclick: () => editor.select(option.id) }, option.text || label)))),
    h("div", { "data-remarks": remarks }),
    !editor.readonly && h("button", { class: "btn mb-3", type: "button", "data-test": "add-option", onclick: add }, `Add an ${label.toLowerCase()}`),
  ].filter(Boolean);
}
