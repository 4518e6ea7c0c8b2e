import { h } from "../renderer/dom.js";
import { choose, roving } from "../renderer/options.js";

const option = (action, tap) => h(
  "button",
  {
    type: "button",
    role: "radio",
    "aria-checked": "false",
    class: "option",
    "data-action": action.id,
    onclick: (event) => {
      choose(event.currentTarget);
      tap(action);
    },
  },
  h("span", { class: "dot", "aria-hidden": "true" }),
  h("span", { class: "words" }, action.text || action.name),
);

export default {
  label: "Choice",
  order: 5,

  make: ({ action }) => ({ options: [action("First answer", "submit"), action("Second answer", "submit")] }),

  inspect: (block, fields) => [
    fields.note("Each answer is an action with a name of its own. Select one on the left to set it up."),
    ...fields.options("Answer"),
  ],

  answers: ({ options }) => options.map(({ id, text }) => [id, text || "Answer"]),

  answerOf: (block, { id }) => id,

  draw: (block, { tap }) =>
    roving(h("div", { class: "choice", role: "radiogroup" }, ...(block.options || []).map((action) => option(action, tap)))),
};
