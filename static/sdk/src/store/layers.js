// The three places an unsent report may wait in. All speak in promises: add, peek, remove, count.
import { attempt } from "../util.js";

const TABLE = "reports";

export function databaseLayer(name, factory) {
  let opening;
  const open = () =>
    (opening =
      opening ||
      new Promise((done, fail) => {
        const request = factory.open(name, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "key" });
        request.onsuccess = () => done(request.result);
        request.onerror = request.onblocked = () => fail(request.error);
      }));
  const run = async (mode, work) => {
    const database = await open();
    return new Promise((done, fail) => {
      const transaction = database.transaction(TABLE, mode);
      const request = work(transaction.objectStore(TABLE));
      transaction.oncomplete = () => done(request && request.result); // only now is it kept
      transaction.onabort = transaction.onerror = () => fail(transaction.error);
    });
  };
  return {
    add: (entry) => run("readwrite", (table) => table.put(entry)),
    peek: (limit) => run("readonly", (table) => table.getAll(null, limit)),
    remove: (keys) => run("readwrite", (table) => keys.map((key) => table.delete(key))[0]),
    count: () => run("readonly", (table) => table.count()),
  };
}

/** One key per report, so that tabs never overwrite one another's. */
export function storageLayer(prefix, storage) {
  const keys = () => Object.keys(storage).filter((key) => key.startsWith(prefix)).sort();
  return {
    add: async (entry) => storage.setItem(prefix + entry.key, JSON.stringify(entry)),
    peek: async (limit) => keys().slice(0, limit).map((key) => attempt(() => JSON.parse(storage.getItem(key)))).filter(Boolean),
    remove: async (gone) => gone.forEach((key) => storage.removeItem(prefix + key)),
    count: async () => keys().length,
  };
}

export function memoryLayer(entries = new Map()) {
  return {
    add: async (entry) => void entries.set(entry.key, entry),
    peek: async (limit) => [...entries.values()].slice(0, limit),
    remove: async (keys) => keys.forEach((key) => entries.delete(key)),
    count: async () => entries.size,
  };
}
