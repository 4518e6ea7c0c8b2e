import { button } from "./button.js";
import { choice } from "./choice.js";
import { image } from "./image.js";
import { rating } from "./rating.js";
import { text } from "./text.js";

const KINDS = { button, choice, image, rating, text };

/** The element of a block, or nothing for a kind that this page does not know yet. */
export function drawBlock(block, doors) {
  const element = KINDS[block.kind]?.(block, doors) ?? null;
  element?.setAttribute("data-block", block.id);
  return element;
}
