// Where Earshot is and who the page is, from the script tag.
export const VERSION = "0.1.0";

export function readConfig(script) {
  const { writeKey, host, colorScheme } = script ? script.dataset : {};
  return { writeKey, src: script?.src, host: (host || (script && new URL(script.src).origin) || "").replace(/\/+$/, ""), scheme: colorScheme || "auto" };
}

/** `auto` means: as dark as the page is, whatever the system says. */
export function schemeOf(scheme) {
  if (scheme !== "auto") return scheme;
  for (const element of [document.body, document.documentElement]) {
    const [r, g, b, a = 1] = (getComputedStyle(element).backgroundColor.match(/[\d.]+/g) || [0]).map(Number);
    if (a > 0.5 && b >= 0) return r + g + b < 330 ? "dark" : "light";
  }
  return "light";
}
