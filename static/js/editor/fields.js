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

const TOOLS = [["B", "Bold", "bold"], ["I", "Italic", "italic"], ["H", "Heading", "formatBlock", "h2"], ["¶", "Paragraph", "formatBlock", "p"], ["•", "List", "insertUnorderedList"]];
const PERSON = "{{ customer.first_name | default: 'there' }}";

/** Formatted text. What stands between Liquid's braces is kept as it was typed. */
export function rich(label, html, set, { remarks, readonly } = {}) {
  const box = h("div", { class: "form-control rich", contenteditable: String(!readonly), role: "textbox", "aria-multiline": "true", "aria-label": label, "data-test": "rich-text" });
  box.innerHTML = clean(html);
  const tell = () => set(box.innerHTML.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, (liquid) => new DOMParser().parseFromString(liquid, "text/html").body.textContent.replaceAll("\u00a0", " ")));
  box.addEventListener("input", tell);
  box.addEventListener("paste", (event) => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
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

/** Own markup only: the editor shows it, the server sanitises what people get. */
function clean(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const bad of page.querySelectorAll("script, style, iframe, object, embed, link, meta, img, svg, form")) bad.remove();
  for (const one of page.body.querySelectorAll("*")) {
    for (const { name } of [...one.attributes]) if (!(one.tagName === "A" && name === "href")) one.removeAttribute(name);
    if (one.tagName === "A" && !/^(https?:|mailto:|tel:)/i.test(one.getAttribute("href") ?? "")) one.removeAttribute("href");
  }
  return page.body.innerHTML;
}
