// Whether somebody can see a message that the page may hide: below the fold, behind a dialog of the page's own, out of sight.
const AGAIN = 300; // milliseconds until it is looked for again
const PART = 0.3; // of the message, or
const SCREEN = 0.5; // of the screen, for messages taller than that
const PATIENCE = 5000; // milliseconds a message may stand in a place that is not drawn before the app is told

/** Calls `seen` once, when enough of the frame is in sight and nothing of the page covers it. */
export function whenSeen(host, element, seen, hidden) {
  const covered = ({ left, top, width, height }) => document.elementFromPoint(left + width / 2, top + height / 2) !== host;
  const watch = new IntersectionObserver(([{ isIntersecting, intersectionRect: part, boundingClientRect: whole }]) => {
    watch.disconnect();
    const enough = part.height >= Math.min(PART * whole.height, SCREEN * innerHeight);
    if (isIntersecting && enough && !covered(part)) seen();
    else setTimeout(() => host.isConnected && watch.observe(element), AGAIN);
  });
  watch.observe(element);
  setTimeout(() => host.isConnected && !host.getClientRects().length && hidden?.(), PATIENCE);
}
