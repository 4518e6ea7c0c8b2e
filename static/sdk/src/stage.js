// What is shown where: the first of the queue by priority for each place, the next when a place is free.
import { placeOf, slotOf } from "./place.js";
import { createShowing } from "./showing.js";

const SETTLE = 200; // milliseconds a changing page is given before its elements are looked up again
const PAUSE = 400; // milliseconds between one message and the next

export function createStage(doors) {
  const { memory, logSeen, more, onError } = doors;
  const shown = new Map();
  const broken = new Set();
  const told = {}; // those whose opening the app has heard of
  let waiting = [];
  let settling;
  let displays;

  const watch = new MutationObserver(() => {
    clearTimeout(settling);
    settling = setTimeout(fill, SETTLE);
  });

  const each = (work) => [...shown.values()].forEach(work);

  function ended(message, reason) {
    for (const [slot, showing] of shown) if (showing.message === message) shown.delete(slot);
    if (reason) logSeen(message.queueId);
    else broken.add(message.queueId);
    setTimeout(fill, PAUSE);
  }

  function fill() {
    each((showing) => {
      if (showing.isAttached()) return;
      showing.remove(); // the page took its element away; it may come back with it
      broken.delete(showing.message.queueId);
    });
    watch.disconnect();
    if (waiting.length) watch.observe(document.documentElement, { childList: true, subtree: true }); // the body may be swapped
    for (const message of waiting) {
      const where = placeOf(message);
      const { queueId } = message;
      const isInline = where.kind === "inline";
      if (shown.has(where.slot) || memory.isDone(queueId) || broken.has(queueId)) continue;
      if (isInline && !slotOf(where.gist.elementId)) continue;
      if (where.kind !== "modal" && !displays) {
        more().then((found) => (displays ||= (setTimeout(fill), found)), (error) => onError(`${error}`));
        continue;
      }
      shown.set(where.slot, createShowing(message, where, { ...doors, ended, told, displays: displays || {} }));
    }
  }

  return {
    /** The whole queue as the server has it now. */
    offer(messages) {
      const ids = messages.map(({ queueId }) => queueId);
      ids.filter(memory.isDone).forEach(logSeen); // the server missed it
      each(({ message, dismiss }) => message.woken || ids.includes(message.queueId) || dismiss("recalled"));
      const awake = [...waiting.filter(({ woken }) => woken), ...memory.awake()];
      waiting = [...awake, ...messages].sort((one, other) => one.priority - other.priority);
      fill();
    },
    /** The message that a tap leads to; it comes before all others. */
    add(messageId, properties) {
      waiting.unshift({ messageId, properties, queueId: properties.gist.campaignId, priority: 0, woken: true });
      fill();
    },
    /** Another tab ended one that is on this tab's screen too. */
    sync: () => each((showing) => memory.isDone(showing.message.queueId) && showing.remove()),
    dismiss: () => each((showing) => showing.dismiss()),
    left: () => each((showing) => showing.left()),
    /** For another person: nothing of the former one's stays. */
    clear() {
      waiting = [];
      each((showing) => showing.remove());
      broken.clear();
    },
  };
}
