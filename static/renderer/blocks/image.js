import { h } from "../dom.js";

export function image(block) {
  if (!block.url) return null;
  const picture = h("img", { class: "image", src: block.url, alt: block.alt || "", decoding: "async" });
  picture.addEventListener("error", () => picture.classList.add("is-lost"));
  return picture;
}
