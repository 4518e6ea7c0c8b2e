// Ways to close a message other than by its buttons, told to the host, which cannot see what happens in a frame.
import { tell } from "./host.js";

const FAR = 48; // pixels a finger moves before it is a swipe

function closable({ display, close_button: button }) {
  const { type = "modal", outside_dismisses: outside = true } = display || {};
  return { escape: type === "modal" ? outside : type === "banner" && (outside || button), swipe: type === "banner" && (outside || button) };
}

/** `current` gives the content on the screen, or nothing. */
export function listenForClosing(root, current) {
  let from = null;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && current() && closable(current()).escape) tell("escape");
  });
  root.addEventListener("touchstart", ({ target, touches: [touch] }) => {
    from = target.closest("input, textarea") ? null : touch; // there a finger moves the cursor
  }, { passive: true });
  root.addEventListener("touchend", ({ changedTouches: [touch] }) => {
    if (!from || !current() || !closable(current()).swipe) return;
    const across = Math.abs(touch.clientX - from.clientX);
    const along = Math.abs(touch.clientY - from.clientY);
    from = null;
    if (Math.max(across, along) >= FAR) tell("swipe");
  });
}
