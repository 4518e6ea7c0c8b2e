// Labelled inputs of the inspector.
import { safeDraft } from "../../renderer/markup.js";
import { h } from "../lib/dom.js";
import { draftOf } from "../lib/liquid.js";

let count = 0;

function labelled(label, make, hint, remarks) {
  const id = `f${(count += 1)}`;
  const input = make(id, hint ? `${id}-hint` : undefined);
  return h("div", { class: "mb-3" },
    h("label", { class: "form-label", for: id }, label), input,
    hint && h("div", { class: "form-hint", id: `${id}-hint` }, hint),
    remarks && h("div", { "data-remarks": remarks }));
}

export const text = (label, value, set, { hint, remarks, type = "text", test, readonly } = {}) => labelled(label, (id, described) => h("input", {
  class: "form-control", id, type, value: value ?? "", "aria-describedby": described, "data-test": test, disabled: readonly,
  oninput: (event) => set(event.target.value),
}), hint, remarks);

export const select = (label, value, choices, set, { hint, remarks, test, readonly } = {}) => labelled(label, (id, described) => {
  const box = h("select", { class: "form-select", id, "aria-describedby": described, "data-test": test, disabled: readonly, onchange: (event) => set(event.target.value) },
    choices.map(([key, name]) => h("option", { value: key }, name)));
  box.value = value;
  return box;
}, hint, remarks);

export function toggle(label, checked, set, { hint, test, readonly } = {}) {
  const id = `f${(count += 1)}`;
  const said = (on) => (typeof hint === "function" ? hint(on) : hint);
  const help = hint && h("div", { class: "form-hint" }, said(checked));
  const flip = (event) => {
    if (help) help.textContent = said(event.target.checked);
    set(event.target.checked);
  };
  return h("div", { class: "mb-3" },
    h("label", { class: "form-check form-switch", for: id },
      h("input", { class: "form-check-input", type: "checkbox", role: "switch", id, checked, "data-test": test, disabled: readonly, onchange: flip }),
      h("span", { class: "form-check-label" }, label)),
    help);
}

const TOOLS = [["B", "Bold", "bold"], ["I", "Italic", "italic"], ["H", "Heading", "formatBlock", "h2"], ["¶", "Paragraph", "formatBlock", "p"], ["•", "List", "insertUnorderedList"]];
const PERSON = "{{ customer.first_name | default: 'there' }}";

/** Formatted text. What stands between Liquid's braces is kept as it was typed. */
export function rich(label, html, set, { remarks, readonly } = {}) {
  const box = h("div", { class: "form-control rich", contenteditable: String(!readonly), role: "textbox", "aria-multiline": "true", "aria-label": label, "data-test": "rich-text" });
  box.append(safeDraft(html));
  const tell = () => set(draftOf(box.innerHTML));
  box.addEventListener("input", tell);
  const plain = (event, transfer) => {
    event.preventDefault();
    document.execCommand("insertText", false, transfer.getData("text/plain"));
  };
  box.addEventListener("paste", (event) => plain(event, event.clipboardData));
  box.addEventListener("drop", (event) => {
    const at = document.caretRangeFromPoint?.(event.clientX, event.clientY); // elsewhere it lands where the cursor is
    box.focus();
    if (at && box.contains(at.startContainer)) window.getSelection().setBaseAndExtent(at.startContainer, at.startOffset, at.startContainer, at.startOffset);
    plain(event, event.dataTransfer);
  });
  const run = (command, value) => (event) => {
    event.preventDefault();
    box.focus();
    document.execCommand(command, false, value);
    tell();
  };
  return h("div", { class: "mb-3" }, h("div", { class: "form-label" }, label),
    !readonly && h("div", { class: "btn-group mb-1", role: "group", "aria-label": "Format" },
      TOOLS.map(([sign, name, command, value]) => h("button", { class: "btn btn-sm", type: "button", title: name, "aria-label": name, onmousedown: run(command, value) }, sign)),
      h("button", { class: "btn btn-sm", type: "button", title: "Insert the person's first name", "aria-label": "Insert the person's first name", onmousedown: run("insertText", PERSON) }, "{ }")),
    box, h("div", { class: "form-hint" }, "Variables: $properties.name, {{ customer.first_name }}"), remarks && h("div", { "data-remarks": remarks }));
}
