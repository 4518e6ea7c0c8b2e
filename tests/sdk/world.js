// A world for the SDK's parts without a browser: storage, stores that survive a kill, a network that misbehaves.
import { createQueue } from "../../static/sdk/src/queue.js";
import { createPost, createSend } from "../../static/sdk/src/send.js";
import { createStore } from "../../static/sdk/src/store/index.js";
import { memoryLayer } from "../../static/sdk/src/store/layers.js";

export class FakeStorage {
  constructor(refuses = false) {
    Object.defineProperty(this, "refuses", { value: refuses, writable: true });
  }
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }
  setItem(key, value) {
    if (this.refuses) throw new Error("QuotaExceededError");
    this[key] = String(value);
  }
  removeItem(key) {
    delete this[key];
  }
}

/** A disk: what is written survives the page that wrote it. */
export const makeDisk = () => new Map();

const answer = (status, headers = {}) => ({
  ok: status >= 200 && status < 300,
  status,
  headers: { get: (name) => headers[name] ?? null },
});

/** A server that remembers every event it was sent. `plan` says what happens to each request in turn:
 * "ok", "lost" (never arrives), "unheard" (arrives, the answer is lost), a status, or [status, headers]. */
export function makeServer(plan = []) {
  const server = {
    requests: [],
    events: [],
    fetch: async (url, { body }) => {
      const step = plan.length ? plan.shift() : "ok";
      if (step === "lost") throw new TypeError("Failed to fetch");
      const parsed = JSON.parse(body);
      server.requests.push({ url, ...parsed });
      if (step === "ok" || step === "unheard") server.events.push(...parsed.batch);
      if (step === "unheard") throw new TypeError("Failed to fetch");
      const [status, headers] = step === "ok" ? [200] : [].concat(step);
      return answer(status, headers);
    },
    ids: () => server.events.map((event) => event.messageId),
  };
  return server;
}

/** One page: its queue on a disk, its timers run by hand. `kill` names the step before which the page dies. */
export function makePage({ disk = makeDisk(), server = makeServer(), kill = "", lock, ...over } = {}) {
  const timers = [];
  const warnings = [];
  const never = new Promise(() => {});
  const dieAt = (step, work) => (...args) => (kill === step ? never : work(...args));
  const layer = memoryLayer(disk);
  const deadly = {
    ...layer,
    add: dieAt("before write", layer.add),
    remove: dieAt("before remove", layer.remove),
    peek: dieAt("before read", layer.peek),
  };
  const fetch = (...args) => {
    if (kill === "before request") return never;
    const asked = server.fetch(...args);
    return kill === "before answer" ? asked.then(() => never) : asked;
  };
  const post = createPost({ host: "https://e", fetch, timeout: 1e9 });
  const queue = createQueue({
    store: createStore([deadly], 1e9),
    send: createSend({ host: "https://e", writeKey: "wk", post, now: Date.now }),
    lock: lock || ((work) => work().then(() => true)),
    warn: (text) => warnings.push(text),
    now: Date.now,
    timer: (work, wait) => timers.push({ work, wait }),
    random: () => 1,
    ...over,
  });
  return { queue, disk, server, timers, warnings };
}

export const settled = () => new Promise((done) => setTimeout(done, 5));
