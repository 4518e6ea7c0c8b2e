import { h } from "../dom.js";
import { safeFragment } from "../markup.js";

/** Sanitised by the server, and once more here. Its links leave no trace of the page they were on. */
export function text(block) {
  const prose = h("div", { class: "text" });
  prose.append(safeFragment(block.html));
  for (const anchor of prose.querySelectorAll("a")) anchor.setAttribute("rel", "noopener noreferrer");
  return prose;
}
