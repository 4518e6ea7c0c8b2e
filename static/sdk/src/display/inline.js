import { createShell } from "./shell.js";

/** The element an author named: by id, or by selector. */
export function slotOf(name) {
  try {
    return document.getElementById(name) || document.querySelector(name);
  } catch {
    return null; // not a selector
  }
}

/** In the page's own flow. It counts as shown when it is seen, not when it waits below the fold. */
export function inline({ gist, frame, seen }) {
  const shell = createShell("section", "inline", "none", frame, slotOf(gist.elementId));
  return {
    ...shell,
    show() {
      shell.show();
      new IntersectionObserver((entries, watch) => {
        if (!entries[0].isIntersecting) return;
        watch.disconnect();
        seen();
      }, { threshold: 0.3 }).observe(frame.element);
    },
  };
}
