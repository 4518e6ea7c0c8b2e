import { h } from "../dom.js";
import { choose, roving } from "./options.js";

export function choice(block, { tap }) {
  const options = (block.options || []).map((action) =>
    h(
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
    ),
  );
  return roving(h("div", { class: "choice", role: "radiogroup" }, ...options));
}
