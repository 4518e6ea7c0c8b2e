/** Headings are read in order: the first stands below what is `above` it on the page, and none skips a level. Their look is the author's. */
export function outline(root, above = 1) {
  for (const heading of root.querySelectorAll("h1, h2, h3, h4")) {
    above = Math.min(Math.max(Number(heading.localName[1]), 2), above + 1);
    heading.setAttribute("aria-level", above);
  }
  return root;
}
