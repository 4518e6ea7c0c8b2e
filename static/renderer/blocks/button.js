import { h } from "../dom.js";

export function button(block, { tap }) {
  const { action, style = "primary" } = block;
  return h(
    "button",
    { type: "button", class: `button is-${style}`, "data-action": action.id, onclick: () => tap(action) },
    h("span", {}, action.text || action.name),
  );
}
