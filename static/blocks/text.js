import { h } from "../renderer/dom.js";
import { safeDraft, safeFragment } from "../renderer/markup.js";

export default {
  label: "Text",
  order: 1,

  make: () => ({ html: "<p>Say it in a sentence.</p>" }),

  summary: ({ html }) => safeDraft(html.replaceAll("<", " <")).textContent.trim(),

  inspect: (block, fields) => [fields.rich("Text", "html")],

  /** Its words name a question that stands below it. */
  names: true,

  /** Sanitised by the server, and once more here. Its links leave no trace of the page they were on. */
  draw(block) {
    const prose = h("div", { class: "text" });
    prose.append(safeFragment(block.html));
    for (const anchor of prose.querySelectorAll("a")) anchor.setAttribute("rel", "noopener noreferrer");
    return prose;
  },
};
