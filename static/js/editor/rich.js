// The editable text of a block, with its toolbar.
import { safeDraft } from "../../renderer/markup.js";
import { outline } from "../../renderer/outline.js";
import { h } from "../lib/dom.js";
import { draftOf } from "../lib/liquid.js";

const TOOLS = [["B", "Bold", "bold"], ["I", "Italic", "italic"], ["H", "Heading", "formatBlock", "h2"], ["¶", "Paragraph", "formatBlock", "p"], ["•", "List", "insertUnorderedList"]];
const PERSON = "{{ customer.first_name | default: 'there' }}";

/** Formatted text. What stands between Liquid's braces is kept as it was typed. */
export function rich(label, html, set, { remarks, readonly } = {}) {
  const box = h("div", { class: "form-control rich", contenteditable: String(!readonly), role: "textbox", "aria-multiline": "true", "aria-label": label, "data-test": "rich-text" });
  box.append(safeDraft(html));
  outline(box, 2); // below the inspector's own heading
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
  let cursor = null; // where it was when the keyboard went to the toolbar
  box.addEventListener("blur", () => {
    const selection = window.getSelection();
    cursor = selection.rangeCount && box.contains(selection.anchorNode) ? selection.getRangeAt(0).cloneRange() : cursor;
  });
  const run = (command, value) => () => {
    box.focus();
    if (cursor && box.contains(cursor.startContainer)) {
      window.getSelection().removeAllRanges();
      window.getSelection().addRange(cursor);
    }
    cursor = null;
    document.execCommand(command, false, value);
    tell();
  };
  const tool = (sign, name, command, value) => h("button", { class: "btn btn-sm", type: "button", title: name, "aria-label": name, onmousedown: (event) => event.preventDefault(), onclick: run(command, value) }, sign); // a press of the mouse leaves the selection alone
  return h("div", { class: "mb-3" }, h("div", { class: "form-label" }, label),
    !readonly && h("div", { class: "btn-group mb-1", role: "group", "aria-label": "Format" },
      TOOLS.map((one) => tool(...one)), tool("{ }", "Insert the person's first name", "insertText", PERSON)),
    box, h("div", { class: "form-hint" }, "Variables: $properties.name, {{ customer.first_name }}"), remarks && h("div", { "data-remarks": remarks }));
}
