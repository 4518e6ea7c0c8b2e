// Liquid in a rich text: an editable element writes `<` and `&` as entities, between Liquid's braces too.
const LIQUID = /\{\{.*?\}\}|\{%.*?%\}/gs;
const SIGNS = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&nbsp;": " ", "&amp;": "&" };

/** An element's HTML as a draft keeps it: the Liquid as it was typed, and without the levels that the editor gives to headings. */
export const draftOf = (html) => html.replace(/ aria-level="\d"/g, "").replace(LIQUID, (code) => code.replace(/&(?:lt|gt|quot|nbsp|amp);/g, (entity) => SIGNS[entity]));
