// An author's HTML by the allow-list that the server states (messaging/common/safety.py) and puts into every page that draws it.
const LIQUID = /\{\{.*?\}\}|\{%.*?%\}/gs;
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** The options of DOMPurify that say the same as the list. */
export const optionsOf = ({ tags, attributes, schemes }) => ({
  ALLOWED_TAGS: [...tags, "#text"],
  ALLOWED_ATTR: Object.values(attributes).flat(),
  ALLOWED_URI_REGEXP: new RegExp(`^(?:(?:${schemes.join("|")}):|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))`, "i"),
  ALLOWED_NAMESPACES: ["http://www.w3.org/1999/xhtml"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
});

/** Attributes belong to their tags, which DOMPurify's own options cannot say. */
const foreign = ({ attributes }) => (element) => {
  const own = [...(attributes["*"] ?? []), ...(attributes[element.localName] ?? [])];
  for (const { name } of [...(element.attributes ?? [])]) if (!own.includes(name)) element.removeAttribute(name);
};

let purify;

function sanitiser() {
  if (purify) return purify;
  const rules = JSON.parse(document.getElementById("markup-rules").textContent);
  const options = optionsOf(rules);
  const made = window.DOMPurify(window);
  made.addHook("afterSanitizeAttributes", foreign(rules));
  purify = (html) => made.sanitize(html, options);
  return purify;
}

/** A fragment that holds nothing but what is allowed. Nothing in it loads or runs before it is placed. */
export const safeFragment = (html) => sanitiser()(html || "");

/** Liquid may hold `<` and quotes; as entities they stay text, in an attribute too. */
export const safeDraft = (html) => safeFragment((html || "").replace(LIQUID, (code) => code.replace(/[&<>"]/g, (sign) => ENTITIES[sign])));
