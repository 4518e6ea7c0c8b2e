// A world for the SDK's parts without a browser: storage, stores that survive a kill, a network that misbehaves.
import { createQueue } from "../../static/sdk/src/queue.js";
import { createPost, createSend } from "../../static/sdk/src/send.js";
import { createStore } from "../../static/sdk/src/store/index.js";
import { storageLayer } from "../../static/sdk/src/store/layers.js";

/** A disk: what is written survives the page that wrote it. */
export const makeDisk = () => ({});

/** A localStorage that takes nothing, as a full one. */
export const fullStorage = () => Object.freeze({});

const answer = (status, body, headers = {}) => ({
  status,
  headers: { get: (name) => headers[name] ?? null },
  json: async () => (typeof body === "string" ? JSON.parse(body) : body),
});

const PROBLEM = { type: "about:blank", title: "No." };
/** What a proxy or a hotel says in the server's place. */
export const PAGE = "<html>Bad gateway</html>";
const verdicts = (batch) => ({ success: true, results: batch.map((event, index) => ({ index, verdict: "accepted" })) });

/** A server that remembers every event it was sent. `plan` says what happens to each request in turn:
 * "ok", "lost" (never arrives), "unheard" (arrives, the answer is lost), "broken" (arrives, the answer breaks off),
 * a status, or [status, body, headers]. */
export function makeServer(plan = []) {
  const server = {
    requests: [],
    events: [],
    fetch: async (url, { body }) => {
      const step = plan.length ? plan.shift() : "ok";
      if (step === "lost") throw new TypeError("Failed to fetch");
      const parsed = JSON.parse(body);
      server.requests.push({ url, ...parsed });
      const arrives = ["ok", "unheard", "broken"].includes(step);
      if (arrives) server.events.push(...parsed.batch);
      if (step === "unheard") throw new TypeError("Failed to fetch");
      if (arrives) return answer(200, step === "ok" ? verdicts(parsed.batch) : '{"results":[{"ind');
      const [status, said = PROBLEM, headers] = [].concat(step);
      return answer(status, said, headers);
    },
    ids: () => server.events.map((event) => event.messageId),
  };
  return server;
}

/** One page: its queue on a disk, its timers run by hand. `kill` names the step before which the page dies. */
export function makePage({ disk = makeDisk(), server = makeServer(), kill = "", lock, ...over } = {}) {
  const timers = [];
  const errors = [];
  const sent = [];
  const never = new Promise(() => {});
  const dieAt = (step, work) => (...args) => (kill === step ? never : work(...args));
  const layer = storageLayer("", disk);
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
    onError: (text) => errors.push(text),
    onSent: (events) => sent.push(...events),
    now: Date.now,
    timer: (work, wait) => timers.push({ work, wait }),
    random: () => 1,
    ...over,
  });
  return { queue, disk, server, timers, errors, sent };
}

export const settled = () => new Promise((done) => setTimeout(done, 5));
