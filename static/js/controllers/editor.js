// The editor: one draft, one selection; the parts draw themselves from them.
import { loaded as kinds } from "../../renderer/kinds.js";
import { h } from "../lib/dom.js";
import { History, find } from "../lib/draft.js";
import { developer } from "../editor/developer.js";
import { enter, inspector } from "../editor/inspector.js";
import { Saver } from "../editor/saver.js";
import { Stage } from "../editor/stage.js";
import { dots, structure } from "../editor/structure.js";

const setup = JSON.parse(document.getElementById("setup").textContent);
const element = (id) => document.getElementById(id);
await kinds.catch((error) => {
  element("said").append(h("div", { class: "wrong" }, "Parts of the editor could not be loaded: reload the page. What was edited before is kept."));
  throw error;
});
const history = new History(setup.draft);

const editor = {
  selected: setup.draft.steps[0]?.id ?? "",
  readonly: setup.readonly,
  remarks: [],
  get draft() {
    return history.draft;
  },

  /** A new draft. With `key` (a field), typing on is one step of undo and the inspector is left alone. */
  edit(draft, { key = null, select = null } = {}) {
    if (this.readonly) return;
    history.push(draft, key);
    if (select !== null) this.selected = select;
    this.changed({ inspector: key === null });
  },

  /** A button or a rating and its action are one part; an answer of a choice is a part of its own. */
  select(id) {
    const found = find(this.draft, id);
    this.selected = found?.block && !found.option ? found.block.id : id;
    this.draw();
    if (window.matchMedia("(max-width: 767px)").matches) element("inspector").parentElement.scrollIntoView({ block: "start" });
  },

  enter({ fresh = false } = {}) {
    enter(element("inspector"), fresh);
  },

  changed({ inspector: whole = true } = {}) {
    saver.later(this.draft);
    if (this.selected !== "" && !find(this.draft, this.selected)) this.selected = this.draft.steps[0]?.id ?? "";
    this.draw({ inspector: whole });
  },

  draw({ inspector: whole = true } = {}) {
    structure(element("structure"), this);
    if (whole) inspector(element("inspector"), this);
    developer(element("developer"), this.draft);
    for (const [id, list] of [["undo", history.past], ["redo", history.future]]) {
      if (element(id)) element(id).disabled = !list.length;
    }
    stage.later();
  },

  /** What the server says of the draft, beside the fields it is about. */
  remark(remarks) {
    this.remarks = remarks;
    dots(element("structure"), remarks);
    for (const slot of document.querySelectorAll("[data-remarks]")) fill(slot);
  },
};

function fill(slot) {
  const [where, field] = slot.dataset.remarks.split("/");
  const mine = editor.remarks.filter((one) => one.where === where && (one.field === field || (field === "*" && !["name", "text"].includes(one.field))));
  slot.replaceChildren(...mine.map((one) => {
    const line = document.createElement("div");
    line.className = `remark remark-${one.kind}`;
    line.textContent = one.text;
    return line;
  }));
}
editor.fillRemarks = (root) => root.querySelectorAll("[data-remarks]").forEach(fill);

const saver = new Saver(setup, element("editor").dataset.csrf, element("save-state"), element("said"));
const stage = new Stage(editor, setup, saver, { frame: element("preview"), box: element("stage"), said: element("tapped"), samples: element("samples"), person: element("person"), notFound: element("person-said") });

element("undo")?.addEventListener("click", () => (history.undo(), editor.changed()));
element("redo")?.addEventListener("click", () => (history.redo(), editor.changed()));
element("publish")?.addEventListener("click", () => saver.publish(editor));
document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || !["z", "y"].includes(key) || editor.readonly) return;
  if (event.target.closest("input, textarea, [contenteditable]")) return; // the field has an undo of its own
  event.preventDefault();
  if (key === "y" || event.shiftKey) history.redo();
  else history.undo();
  editor.changed();
});

editor.draw();
saver.recover((draft) => editor.edit(draft));
