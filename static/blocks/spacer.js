import { h } from "../renderer/dom.js";

const SIZES = [["small", "Small"], ["medium", "Medium"], ["large", "Large"]];

export default {
  label: "Spacer",
  order: 7,
  make: () => ({ size: "medium" }),
  summary: ({ size }) => size,
  inspect: (block, fields) => [fields.select("Size", "size", SIZES)],
  draw: ({ size = "medium" }) => h("div", { class: `spacer is-${size}`, "aria-hidden": "true" }),
};
