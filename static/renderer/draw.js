import { closeOf } from "./behaviour.js";
import { progressOf } from "./branching.js";
import { palette } from "./colour.js";
import { h, svg } from "./dom.js";
import { KINDS, drawBlock } from "./kinds.js";
import { outline } from "./outline.js";

const ANSWERS = "[role=radiogroup], [role=group], input, textarea";

/** Blocks in order; those that say so share a row with the next, and what is answered is named by the text above it. */
function rows(blocks, doors) {
  const out = [];
  let row = null;
  let asked = null;
  for (const block of blocks) {
    const element = drawBlock(block, doors);
    if (!element) continue;
    const kind = KINDS[block.kind];
    if (kind.names) element.id = asked = `text-${block.id}`;
    const group = element.matches(ANSWERS) ? element : element.querySelector(ANSWERS);
    if (asked) group?.setAttribute("aria-labelledby", asked);
    else group?.setAttribute("aria-label", "Your answer");
    if (kind.inRow?.(block)) {
      if (!row) out.push((row = h("div", { class: "buttons" })));
      row.append(element);
    } else {
      row = null;
      out.push(element);
    }
  }
  return out;
}

function closeButton(content, step, { tap }) {
  const close = closeOf(content, step);
  const cross = svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: "M5 5l10 10M15 5L5 15" }));
  return h(
    "button",
    { type: "button", class: "close", "aria-label": close.text || "Close", "data-action": close.id, onclick: () => tap(close, "close") },
    cross,
  );
}

function progress(content, step) {
  const { at, of } = progressOf(content, step);
  if (of < 2) return null;
  const dots = Array.from({ length: of }, (_, index) => h("i", { class: index === at - 1 ? "is-here" : undefined }));
  return h("div", { class: "progress", role: "img", "aria-label": `Step ${at} of ${of}` }, ...dots);
}

export function paint(root, content, dark) {
  document.documentElement.dataset.scheme = dark ? "dark" : "light";
  for (const [name, value] of Object.entries(palette(content.accent, dark))) root.style.setProperty(name, value);
}

/** One step of a message as a card, in place of whatever stood in `root`. */
export function drawStep(root, content, step, doors) {
  const body = outline(h("div", { class: "body" }, ...rows(step.blocks || [], doors)));
  const first = body.querySelector(".text");
  const card = h(
    "section",
    {
      class: `card is-${content.display?.type || "modal"}${content.close_button ? " has-close" : ""}`,
      tabindex: "-1",
      dir: "auto",
      "aria-labelledby": first?.id,
      "aria-label": first ? undefined : step.name || "Message",
      "data-step": step.id,
    },
    body,
    progress(content, step),
    content.close_button ? closeButton(content, step, doors) : null,
  );
  root.replaceChildren(card);
  return card;
}
