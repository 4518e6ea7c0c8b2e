// The fields of one action: text, Action Name, Track clicks, behaviour.
import { BEHAVIOURS } from "../../renderer/behaviours.js";
import * as d from "../lib/draft.js";
import { h } from "../lib/dom.js";
import { select, text, toggle } from "./fields.js";

const OFFERED = Object.entries(BEHAVIOURS).filter(([, { label }]) => label).map(([kind, { label }]) => [kind, label]);

export function actionFields(action, editor, { label = "Text", behaviour = true, hint } = {}) {
  const { id } = action;
  const { readonly } = editor;
  const name = text("Action Name", action.name, (value) => {
    editor.edit(d.setName(editor.draft, id, value), { key: `${id}.name` });
    link.hidden = !label || d.find(editor.draft, id).action.follows;
  }, { test: "action-name", remarks: `${id}/name`, readonly, hint: hint ?? "What the metrics show for this action. Use the same variable as in the text, if it has one." });
  const link = h("button", { class: "btn btn-sm mb-3", type: "button", hidden: true, "data-test": "follow", onclick: () => editor.edit(d.follow(editor.draft, id)) }, "Use the text as the name again");
  link.hidden = action.follows || !label || readonly;
  const input = name.querySelector("input");
  return [
    label && text(label, action.text, (value) => {
      editor.edit(d.setText(editor.draft, id, value), { key: `${id}.text` });
      input.value = d.find(editor.draft, id).action.name;
    }, { test: "action-text", remarks: `${id}/text`, readonly }),
    name,
    link,
    toggle("Track clicks", action.track, (track) => editor.edit(d.update(editor.draft, id, { track }), { key: `${id}.track` }), {
      test: "track-clicks", readonly,
      hint: (on) => on ? "Taps are counted as tracked responses." : "Off: the tap still works and your app still hears it, but no response is kept.",
    }),
    ...(behaviour ? behaviourFields(action, editor) : []),
    h("div", { "data-remarks": `${id}/*` }),
  ].filter(Boolean);
}

function behaviourFields(action, editor) {
  const { kind = "dismiss", value = "" } = action.behaviour; // what is as usual is not written down
  const { readonly } = editor;
  const set = (fields, options) => editor.edit(d.update(editor.draft, action.id, { behaviour: { ...d.find(editor.draft, action.id).action.behaviour, ...fields } }), options);
  const steps = editor.draft.steps.map((step, at) => [step.id, `${at + 1}. ${step.name || "Step"}`]);
  const start = (chosen) => (BEHAVIOURS[chosen].goesToStep ? (steps.at(-1)?.[0] ?? "") : BEHAVIOURS[chosen].start ?? "");
  const { goesToStep, value: field, type = "text" } = BEHAVIOURS[kind];
  return [
    select("When tapped", kind, OFFERED, (chosen) => set({ kind: chosen, value: start(chosen) }), { test: "behaviour", readonly }),
    goesToStep && select("Step", value, steps, (chosen) => set({ value: chosen }), { test: "behaviour-step", readonly }),
    field && text(field[0], value, (typed) => set({ value: typed }, { key: `${action.id}.value` }), { hint: field[1], test: "behaviour-value", type, readonly }),
  ];
}
