// One message on the screen, from its frame to its end. Whatever is told to the server is written down before the
// tap takes effect; a tap never waits for the network.
import { modal } from "./display/modal.js";
import { createShell } from "./display/shell.js";
import { safeUrl } from "./effects.js";
import { createFrame } from "./frame.js";

const STAYS = ["custom", "step"];
const GLIMPSE = 2; // seconds: a modal left sooner than this was not seen, and comes again
const LONGEST_SNOOZE = 43200; // minutes

export function createShowing(message, where, doors) {
  const { uuid, record, report, memory, listeners, go, ended, again, warn, told, displays } = doors;
  const { queueId, messageId } = message;
  const about = { message: messageId, delivery: queueId };
  let since = 0;
  let close;
  let answered = false;
  let ending = false;
  let over = false;

  const seconds = () => Math.round((performance.now() - since) / 100) / 10; // not by the clock, which may be set

  function opened() {
    if (since || over) return;
    since = performance.now();
    if (memory.open(queueId)) record(report.opened(message));
    if (!told[queueId]) listeners.emit("opened", about); // a page that swaps its body shows it again
    told[queueId] = true;
  }

  /** Takes it off the screen. Without a reason it may come again. */
  function end(reason) {
    if (over) return;
    over = true;
    const shown = since && display.host.isConnected; // not taken away by the page, and shown there again
    if (reason) memory.finish(queueId);
    frame.remove();
    display.close();
    if (shown) listeners.emit("dismissed", { ...about, reason });
    ended(message, reason);
  }

  function follow({ behaviour: { kind, value, properties }, reason = "close" }) {
    if (STAYS.includes(kind)) return;
    if (kind === "snooze") memory.snooze(message, Math.min(Math.max(+value || 60, 1), LONGEST_SNOOZE));
    const leads = kind === "url" || kind === "deeplink";
    if (!leads || where.kind !== "inline") end(kind === "snooze" ? kind : reason);
    if (kind === "message") again(value, properties);
    if (!leads) return;
    const url = safeUrl(value, location.href, kind === "deeplink");
    if (url) go(url);
    else warn(`Refused to open "${value}".`);
  }

  async function act(tap) {
    if (over || ending || !close) return;
    const { name, id, tracked, dismissal, reason, behaviour } = tap;
    opened(); // a tap proves it
    answered = answered || id;
    ending = !STAYS.includes(behaviour.kind); // by one tap, however slow the disk
    if (tracked) await record(report.answered(message, tap, seconds()));
    const value = tap.value || behaviour.value;
    listeners.emit("action", { ...about, name, value, id, tracked, dismissal, behaviour: behaviour.kind, reason, dismiss });
    follow(tap);
    ending = false;
  }

  const fail = (error) => listeners.emit("error", { ...about, error });
  const dismissBy = (reason) => act({ ...close, reason });

  /** By the app, or because something else takes its place. An answer given already says more than that. */
  function dismiss(reason = "superseded") {
    if (!over && since && !answered) record(report.gone(message, reason, seconds()));
    end(reason);
  }

  const frame = createFrame({
    ...doors,
    message,
    instanceId: uuid(),
    on: {
      routeLoaded(given) {
        if (over || close) return;
        close = given.close;
        display.show();
      },
      changeMessageStep(given) {
        close = given.close || close; // on a thank-you step, closing is no answer
      },
      tap: act,
      escape: () => dismissBy("esc"),
      swipe: () => dismissBy("swipe"),
      error({ reason }) {
        fail(reason);
        end();
      },
    },
  });
  const display = (displays[where.kind] || modal)({ ...where, frame, dismiss: dismissBy, seen: opened, hidden: fail, createShell });

  return {
    message,
    dismiss,
    remove: () => end(),
    isAttached: () => display.host.isConnected,
    /** The page goes away under an open modal. It is gone too should the page come back. */
    left: () => where.kind === "modal" && since && seconds() >= GLIMPSE && dismiss("left"),
  };
}
