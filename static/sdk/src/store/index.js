// A store of unsent reports in layers: the best that works keeps an entry, all are read. Entries are {key, event}
// with keys that sort by time. A layer that failed is left alone until the next page, one that hangs until it answers.
import { ignore, within } from "../util.js";

const PATIENCE = 1000;

export function createStore(layers, patience = PATIENCE) {
  const out = new Set();
  const live = () => layers.filter((layer) => !out.has(layer));

  const ask = async (layer, verb, ...args) => {
    const answer = layer[verb](...args);
    try {
      return await within(answer, patience);
    } catch (error) {
      out.add(layer);
      answer.then(() => out.delete(layer), ignore);
      throw error;
    }
  };
  const all = (verb, none, ...args) => Promise.all(live().map((layer) => ask(layer, verb, ...args).catch(() => none)));

  return {
    /** Answers the keys of those it dropped, the oldest, so that no layer holds more than `limit`. */
    async add(entry, limit) {
      for (const layer of live()) {
        try {
          return await ask(layer, "add", entry, limit);
        } catch {
          // the next layer keeps it; the last is memory
        }
      }
    },
    async peek(limit) {
      const lists = await all("peek", [], limit);
      return lists
        .flat()
        .sort((one, other) => (one.key < other.key ? -1 : 1))
        .slice(0, limit);
    },
    remove: (keys) => all("remove", 0, keys),
  };
}
