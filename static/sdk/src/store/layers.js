// The three places an unsent report may wait in. All speak in promises: add, peek, remove.
// To add and to drop what is over the limit is one step, lest two at once each drop what the other has dropped already.
import { attempt } from "../util.js";

const TABLE = "reports";

const over = (keys, limit) => keys.slice(0, Math.max(keys.length - limit, 0));

export function databaseLayer(name, factory) {
  let opening;
  const open = () =>
    (opening =
      opening ||
      new Promise((done, fail) => {
        const request = factory.open(name, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "key" });
        request.onsuccess = () => done(request.result);
        request.onerror = request.onblocked = fail;
      }));
  const run = async (mode, work) => {
    const database = await open();
    return new Promise((done, fail) => {
      const transaction = database.transaction(TABLE, mode);
      const request = work(transaction.objectStore(TABLE));
      transaction.oncomplete = () => done(request.result); // only now is it kept
      transaction.onabort = transaction.onerror = fail;
    });
  };
  return {
    add: (entry, limit) =>
      run("readwrite", (table) => {
        const gone = { result: [] };
        table.put(entry);
        table.getAllKeys().onsuccess = ({ target }) => {
          gone.result = over(target.result, limit);
          gone.result.forEach((key) => table.delete(key));
        };
        return gone;
      }),
    peek: (limit) => run("readonly", (table) => table.getAll(null, limit)),
    remove: (keys) => run("readwrite", (table) => keys.map((key) => table.delete(key))[0]),
  };
}

/** In localStorage, or in a plain object, which goes with its page. One key per report, so that tabs never overwrite
 * one another's. */
export function storageLayer(prefix, storage) {
  const keys = () => Object.keys(storage).filter((key) => key.startsWith(prefix)).sort();
  const remove = async (gone) => gone.forEach((key) => delete storage[prefix + key]);
  return {
    async add(entry, limit) {
      storage[prefix + entry.key] = JSON.stringify(entry);
      const gone = over(keys(), limit).map((key) => key.slice(prefix.length));
      remove(gone);
      return gone;
    },
    peek: async (limit) => keys().slice(0, limit).map((key) => attempt(() => JSON.parse(storage[key]))).filter(Boolean),
    remove,
  };
}
