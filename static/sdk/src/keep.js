// Small JSON in localStorage, shared by tabs; in memory where storage is refused.
import { attempt } from "./util.js";

export function createKeep(prefix, storage) {
  const memory = {};
  return {
    get: (name) => attempt(() => JSON.parse(storage[prefix + name])) ?? memory[name],
    set(name, value) {
      memory[name] = value;
      attempt(() => (storage[prefix + name] = JSON.stringify(value)));
    },
    is: (event, name) => event.key === prefix + name,
  };
}
