// The settings of whatever is selected.
import { KINDS } from "../../renderer/kinds.js";
import * as d from "../lib/draft.js";
import { h } from "../lib/dom.js";
import { actionFields } from "./action.js";
import { blockFields, setter } from "./block.js";
import { branchFields } from "./branches.js";
import { select, text, toggle } from "./fields.js";

export function inspector(root, editor) {
  const found = d.find(editor.draft, editor.selected);
  const parts = !found ? message(editor)
    : found.close ? close(found.action, editor)
    : found.option ? [h("h2", {}, "Answer"), ...actionFields(found.action, editor, { behaviour: !KINDS[found.block.kind].stays })]
    : found.block ? block(found.block, editor)
    : step(found.step, editor);
  const again = root.dataset.shown === editor.selected ? places(root).indexOf(document.activeElement) : -1;
  root.replaceChildren(...parts);
  root.dataset.shown = editor.selected;
  places(root)[again]?.focus(); // a redraw does not throw a keyboard out of its field
  editor.fillRemarks(root);
}

const places = (root) => [...root.querySelectorAll("input, select, button, [contenteditable]")];

/** To the first field: the next thing an author does is type there, and in a `fresh` part in place of what stands there. */
export function enter(root, fresh = false) {
  const field = places(root).find((one) => !one.disabled && !one.hidden && one.localName !== "button");
  field?.focus();
  if (!fresh) return;
  if (field?.isContentEditable) window.getSelection().selectAllChildren(field);
  else if (field?.localName === "input") field.select();
}

function step(one, editor) {
  return [h("h2", {}, "Step"),
    text("Name", one.name, setter(editor, one.id)("name"), { hint: "For you; people never see it.", remarks: `${one.id}/*`, readonly: editor.readonly }),
    ...branchFields(one, editor)];
}

function block(one, editor) {
  const { label, inspect } = KINDS[one.kind];
  return [h("h2", {}, label), ...inspect(one, blockFields(one, editor))];
}

function close(action, editor) {
  return [h("h2", {}, "Close button"),
    h("p", { class: "soft" }, "Closing is an action too: with the button, the backdrop, the Escape key or a swipe."),
    toggle("Show the button", editor.draft.close_button, (shown) => editor.edit(d.setMessage(editor.draft, { close_button: shown }), { key: "close_button" }), { readonly: editor.readonly }),
    ...actionFields(action, editor, { label: false, behaviour: false })];
}

function message(editor) {
  const { display, accent } = editor.draft;
  const set = (field) => (value) => editor.edit(d.setDisplay(editor.draft, { [field]: value }), { key: `display.${field}` });
  const choose = (field) => (value) => editor.edit(d.setDisplay(editor.draft, { [field]: value }));
  const { readonly } = editor;
  return [h("h2", {}, "Message settings"),
    select("Shown as", display.type, [["modal", "Modal, over the page"], ["banner", "Banner, at an edge"], ["inline", "Inline, in a place of the page"]], (type) => editor.edit(d.setType(editor.draft, type)), { test: "display-type", readonly }),
    display.type === "inline"
      ? text("Page element", display.selector, set("selector"), { hint: "A CSS selector, for example #news.", remarks: "/selector", readonly })
      : select("Position", display.position, [["top", "Top"], ...(display.type === "modal" ? [["center", "Centre"]] : []), ["bottom", "Bottom"]], choose("position"), { readonly }),
    display.type === "modal" && toggle("A tap outside or Escape dismisses", display.outside_dismisses, set("outside_dismisses"), { readonly }),
    display.type !== "inline" && text("Width in pixels", display.width, (value) => set("width")(Number.parseInt(value, 10) || 0), { type: "number", remarks: "/width", readonly }),
    display.type === "modal" && text("Overlay colour", display.overlay, set("overlay"), { hint: "#RRGGBBAA; the last two set how much shows through.", remarks: "/overlay", readonly }),
    text("Accent colour", accent, (value) => editor.edit(d.setMessage(editor.draft, { accent: value }), { key: "accent" }), { type: "color", readonly }),
  ].filter(Boolean);
}
