import { h } from "../renderer/dom.js";

export default {
  label: "Divider",
  order: 6,
  make: () => ({}),
  inspect: (block, fields) => [fields.note("A plain line. There is nothing to set.")],
  draw: () => h("hr", { class: "divider" }),
};
