import { h } from "../dom.js";

/** Sanitised by the server; parsed in a document of its own, where nothing loads or runs before it is placed. */
export function text(block) {
  const parsed = new DOMParser().parseFromString(block.html || "", "text/html");
  const prose = h("div", { class: "text" });
  prose.append(...parsed.body.childNodes);
  return prose;
}
