import { h } from "../renderer/dom.js";

/** A tap on an option changes nothing by itself: the step stays, and the button goes on. */
const chosenAs = (action, value) => ({ ...action, value: value || action.value, behaviour: { kind: "custom", value: action.behaviour?.value || "choose" } });

const counted = (count) => (count === 1 ? "1 answer" : `${count} answers`);

/** What is wrong with these choices, or nothing. */
export function wrong({ least = 1, most = 0, none }, chosen) {
  if (chosen.some(({ id }) => id === none)) return "";
  if (chosen.length < least) return `Choose at least ${counted(least)}.`;
  return most && chosen.length > most ? `Choose at most ${counted(most)}.` : "";
}

function optionPart(action, writes, changed) {
  const box = h("input", { type: "checkbox", class: "tick", "data-action": action.id, onchange: changed });
  const field = writes ? h("input", { type: "text", class: "field", maxlength: 300, hidden: true, autocomplete: "off", "aria-label": action.text || action.name }) : null;
  const row = h("label", { class: "option" }, box, h("span", { class: "words" }, action.text || action.name));
  return { action, box, field, row };
}

export default {
  label: "Multiple choice",
  order: 5.2,

  make: ({ action }) => ({
    options: ["First answer", "Second answer", "Third answer"].map((text) => action(text, "custom", "choose")),
    action: action("Send", "submit"),
    least: 1, most: 0, other: "", none: "",
  }),

  stays: true,

  inspect: (block, fields) => {
    const options = [["", "None"], ...block.options.map(({ id, text }) => [id, text || "Answer"])];
    return [
      fields.note("Each answer is counted by itself, under a name of its own. Select one on the left to set it up."),
      ...fields.options("Answer", { behaviour: ["custom", "choose"] }),
      fields.number("At least", "least"),
      fields.number("At most", "most", { hint: "0: as many as there are." }),
      fields.select("Answer with a text of one's own", "other", options, { test: "other" }),
      fields.select("Answer that excludes the others", "none", options, { test: "none" }),
      ...fields.action({ label: "Text of the button" }),
    ];
  },

  answers: ({ options }) => options.map(({ id, text }) => [id, text || "Answer"]),

  answerOf: (block, { id, chosen }) => (id === block.action.id ? chosen : undefined),

  draw(block, { tap }) {
    const missing = h("p", { class: "missing", id: `missing-${block.id}`, role: "alert" });
    const parts = (block.options || []).map((action) => optionPart(action, action.id === block.other, () => changed(action)));
    const chosen = () => parts.filter(({ box }) => box.checked);
    function changed({ id }) {
      const on = parts.find(({ action }) => action.id === id).box.checked;
      for (const { action, box, field, row } of parts) {
        if (on && action.id !== id && (id === block.none || action.id === block.none)) box.checked = false;
        row.classList.toggle("is-chosen", box.checked);
        if (field) field.hidden = !box.checked;
      }
      missing.textContent = "";
    }
    function send() {
      const now = chosen();
      const told = wrong(block, now.map(({ action }) => action));
      const empty = now.find(({ field }) => field && !field.value.trim());
      missing.textContent = told || (empty ? "Write something first." : "");
      if (told) return parts[0]?.box.focus();
      if (empty) return empty.field.focus();
      for (const { action, field } of now) tap(chosenAs(action, field?.value.trim()));
      tap({ ...block.action, chosen: now.map(({ action }) => action.id) });
    }
    return h("div", { class: "multiple", role: "group", "aria-describedby": missing.id },
      ...parts.flatMap(({ row, field }) => [row, field]),
      missing,
      h("button", { type: "button", class: "button is-primary", "data-action": block.action.id, onclick: send }, h("span", {}, block.action.text || block.action.name)));
  },
};
