// Reports wait here, durably, until the server has said that it has them. Sent at least once, in order, each with
// the messageId it was born with: the server counts it once.
import { delayOf } from "./backoff.js";
import { jsonOf } from "./json.js";
import { utf8 } from "./util.js";

const LIMIT = 1000; // reports kept while offline
const BATCH = 100;
const BYTES = 450000; // of a request; the server reads 500 KB
const LEAVING_BYTES = 55000; // browsers give 64 KB to what outlives a page
const BUSY = 2000; // another tab is sending: look again, should it be gone

const eventsOf = (entries) => entries.map((entry) => entry.event);

/** Those from the start that go into so many bytes together. */
const fitting = (entries, bytes) => entries.filter(({ event }) => (bytes -= utf8(JSON.stringify(event)).length) > 0);

export function createQueue({ store, send, lock, onError, onSent, timer, now, random, limit = LIMIT }) {
  const mine = new Map(); // entries of this page that the server may not have
  const done = new Set(); // keys that the server has, should the store be unable to forget them
  let size = BATCH;
  let attempt = 0;
  let count = 1e6; // all of one length, so that keys sort
  let running = null;
  let pending = null;
  let resting = false; // the server wants to be left alone for a while

  function later(milliseconds, rests = false) {
    if (resting) return;
    resting = rests;
    clearTimeout(pending);
    pending = timer(() => {
      resting = false;
      return flush();
    }, milliseconds);
  }

  const written = () => [...mine.values()].filter((entry) => entry.written);

  const again = (answer = {}) => later(delayOf(attempt++, answer.again, random), "again" in answer);

  /** Resolves when the report would survive the page. */
  async function add(event) {
    count += 1;
    const key = `${now()}.${count}.${event.messageId}`;
    const entry = { key, event };
    mine.set(key, entry);
    const dropped = await store.add(entry, limit);
    entry.written = true;
    dropped.forEach((gone) => mine.delete(gone));
    if (dropped.length) onError(`${dropped.length} of the oldest unsent reports dropped: over ${limit} wait.`);
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

  /** Kept or refused, it is not sent again. */
  async function settle(entries, codes) {
    await forget(entries);
    const code = codes.find(Boolean);
    if (code) onError(`${codes.filter(Boolean).length} reports refused with ${code} and dropped.`);
    const kept = eventsOf(entries).filter((_, at) => !codes[at]);
    if (kept.length) onSent(kept);
  }

  /** Sends until nothing waits or the server cannot take it. */
  async function drain() {
    for (;;) {
      const before = written();
      const found = (await store.peek(size)).filter((entry) => !done.has(entry.key));
      for (const entry of found) entry.event = jsonOf(entry.event); // an older version kept what JSON cannot carry
      const bad = found.filter(({ event }) => !event);
      if (bad.length) await settle(bad, bad.map(() => "bad_json"));
      const waiting = found.filter(({ event }) => event);
      if (!waiting.length) {
        before.forEach(({ key }) => mine.delete(key)); // another tab sent them
        if (!written().length) return; // else they came while the store was read
        continue;
      }
      const fit = fitting(waiting, BYTES);
      const entries = fit.length ? fit : waiting.slice(0, 1); // the server says that it is too large
      const answer = await send(eventsOf(entries));
      if (answer.tooLarge) {
        size = Math.ceil(entries.length / 2);
      } else if (!answer.codes) {
        return again(answer);
      } else {
        attempt = 0;
        size = Math.min(BATCH, size * 2);
        await settle(entries, answer.codes);
      }
    }
  }

  function flush() {
    if (resting || running) return running;
    clearTimeout(pending);
    return (running = lock(drain)
      .then((held) => held || later(BUSY))
      .catch(() => again())
      .finally(() => (running = null)));
  }

  /** The page may be gone in a moment: what it made goes out at once. It stays in the store until it is answered. */
  function leave() {
    const entries = fitting([...mine.values()].filter((entry) => !entry.leaving), LEAVING_BYTES).slice(0, BATCH);
    const mark = (leaving) => entries.forEach((entry) => Object.assign(entry, { leaving })); // hidden, then gone: once
    mark(true);
    if (entries.length) return send(eventsOf(entries), true).then(({ codes }) => (codes ? settle(entries, codes) : mark(false)));
  }

  return { add, flush, leave, later };
}
