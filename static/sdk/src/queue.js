// Reports wait here, durably, until the server has said that it has them. Sent at least once, in order, each with
// the messageId it was born with: the server counts it once.
import { delayOf } from "./backoff.js";

const LIMIT = 1000; // reports kept while offline
const BATCH = 50;
const LEAVING_BYTES = 60000; // browsers give 64 KB to what outlives a page
const BUSY = 2000; // another tab is sending: look again, should it be gone

export function createQueue({ store, send, lock, warn, now = Date.now, timer = setTimeout, random, onSent, limit = LIMIT }) {
  const mine = new Map(); // entries of this page that the server may not have
  const done = new Set(); // keys that the server has, should the store be unable to forget them
  let size = BATCH;
  let attempt = 0;
  let count = 0;
  let running = null;
  let pending = null;

  const later = (milliseconds) => {
    clearTimeout(pending);
    pending = timer(flush, milliseconds);
  };

  /** Resolves when the report would survive the page. */
  async function add(event) {
    count += 1;
    const key = `${now().toString(36).padStart(9, "0")}.${String(count).padStart(6, "0")}.${event.messageId}`;
    const entry = { key, event };
    mine.set(key, entry);
    await store.add(entry);
    entry.written = true;
    const over = (await store.count()) - limit;
    if (over > 0) {
      warn(`${over} of the oldest unsent reports dropped: more than ${limit} are waiting.`);
      await forget(await store.peek(over));
    }
  }

  async function forget(entries) {
    const keys = entries.map((entry) => entry.key);
    if (done.size > 2 * limit) done.clear();
    for (const key of keys) {
      mine.delete(key);
      done.add(key);
    }
    await store.remove(keys);
  }

  /** Sends until nothing waits or the server cannot take it. */
  async function drain() {
    for (;;) {
      const entries = (await store.peek(size)).filter((entry) => !done.has(entry.key));
      if (!entries.length) {
        for (const [key, entry] of mine) if (entry.written) mine.delete(key); // another tab sent them
        return;
      }
      const answer = await send(entries.map((entry) => entry.event));
      if (answer.tooLarge && entries.length > 1) {
        size = Math.ceil(entries.length / 2);
      } else if (answer.again !== undefined) {
        later(delayOf(attempt, answer.again, random));
        attempt += 1;
        return;
      } else {
        if (!answer.kept) warn(`${entries.length} reports refused with ${answer.refused || 413} and dropped.`);
        attempt = 0;
        size = Math.min(BATCH, size * 2);
        await forget(entries);
        if (answer.kept && onSent) onSent(entries.map((entry) => entry.event));
      }
    }
  }

  function flush() {
    clearTimeout(pending);
    if (!running) {
      running = lock(drain)
        .then((held) => held || later(BUSY))
        .catch(() => later(delayOf(attempt++, 0, random)))
        .finally(() => (running = null));
    }
    return running;
  }

  /** The page may be gone in a moment: what it made goes out at once. It stays in the store until it is answered. */
  function leave() {
    const entries = [];
    let bytes = 0;
    for (const entry of mine.values()) {
      bytes += JSON.stringify(entry.event).length * 1.5;
      if (bytes > LEAVING_BYTES || entries.length === BATCH) break;
      entries.push(entry);
    }
    if (!entries.length) return Promise.resolve();
    return send(entries.map((entry) => entry.event), true).then((answer) => answer.kept && forget(entries));
  }

  return { add, flush, leave, later };
}
