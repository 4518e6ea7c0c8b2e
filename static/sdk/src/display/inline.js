import { slotOf } from "../place.js";

const CSS = `:host{display:block}
iframe{max-height:none;box-shadow:none}`;

/** In the page's own flow. It counts as shown when it is seen, not when it waits below the fold. */
export function inline({ gist, frame, seen, createShell }) {
  const shell = createShell("section", "inline", "none", frame, CSS, slotOf(gist.elementId));
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
