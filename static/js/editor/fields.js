// Labelled inputs of the inspector.
import { h } from "../lib/dom.js";

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
