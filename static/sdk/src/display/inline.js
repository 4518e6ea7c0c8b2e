import { slotOf } from "../place.js";
import { whenSeen } from "./seen.js";

const CSS = `:host{display:block}
iframe{max-height:none;box-shadow:none}`;

/** In the page's own flow. It counts as shown when it is seen, not when it waits below the fold. */
export function inline({ gist, frame, seen, hidden, createShell }) {
  const shell = createShell("section", "inline", "none", frame, CSS, slotOf(gist.elementId));
  return {
    ...shell,
    show() {
      shell.show();
      whenSeen(shell.host, frame.element, seen, () => hidden(`Its place "${gist.elementId}" is hidden.`));
    },
  };
}
