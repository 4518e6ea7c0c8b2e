import { attempt } from "./util.js";

/** The element an author named: by id, or by selector; null where it is neither. */
export const slotOf = (name) => attempt(() => document.getElementById(name) || document.querySelector(name));

// Where a message wants to be: the page has one place for a modal, one banner at each edge, one message per element.
export function placeOf({ properties: { gist } }) {
  const id = gist.elementId;
  const [, place] = /^x-gist-(?:floating-)?(top|bottom)/.exec(id) || [];
  if (place) return { kind: "banner", slot: place, place, gist };
  return { kind: id ? "inline" : "modal", slot: `#${id || ""}`, gist };
}
