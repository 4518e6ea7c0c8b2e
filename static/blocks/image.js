import { h } from "../renderer/dom.js";

export default {
  label: "Image",
  order: 2,

  make: () => ({ url: "", alt: "" }),

  summary: ({ alt, url }) => alt || url,

  inspect: (block, fields) => [
    fields.text("Image URL", "url", { type: "url", hint: "Starts with https://. Variables may be used.", remarks: true }),
    fields.text("Alt text", "alt", { hint: "Read to people who do not see it." }),
  ],

  draw(block) {
    if (!block.url) return null;
    const picture = h("img", { class: "image", src: block.url, alt: block.alt || "", decoding: "async" });
    picture.addEventListener("error", () => picture.classList.add("is-lost"));
    return picture;
  },
};
