import { h } from "../renderer/dom.js";

const STYLES = [["primary", "Primary"], ["secondary", "Secondary"], ["link", "Link"]];

export default {
  label: "Button",
  order: 3,

  make: ({ action }) => ({ style: "primary", action: action("Tell me more") }),

  inspect: (block, fields) => [...fields.action(), fields.select("Style", "style", STYLES)],

  inRow: ({ style }) => style !== "link",

  draw({ action, style = "primary" }, { tap }) {
    return h(
      "button",
      { type: "button", class: `button is-${style}`, "data-action": action.id, onclick: () => tap(action) },
      h("span", {}, action.text || action.name),
    );
  },
};
