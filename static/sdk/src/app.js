// The parts put together for one page and one write key. Each takes from `doors` what it needs.
import { schemeOf } from "./config.js";
import { createIdentity } from "./identity.js";
import { jsonOf } from "./json.js";
import { createKeep } from "./keep.js";
import { createListeners } from "./listeners.js";
import { createLock } from "./lock.js";
import { createMemory } from "./memory.js";
import { createPoll } from "./poll.js";
import { createQueue } from "./queue.js";
import { createReport } from "./report.js";
import { createPost, createSend } from "./send.js";
import { createStage } from "./stage.js";
import { createStore } from "./store/index.js";
import { databaseLayer, storageLayer } from "./store/layers.js";
import { attempt, ignore, uuid, warn, within } from "./util.js";

const WRITE = 300; // milliseconds a tap waits for its report to be written down
const BATCHED = 150; // milliseconds in which calls gather into one request

export function createApp(config) {
  const name = `earshot.${config.writeKey}`;
  const storage = attempt(() => localStorage);
  const database = attempt(() => indexedDB);
  const doors = { ...config, storage, fetch, uuid, warn, now: Date.now, timer: setTimeout, session: uuid() };
  doors.scheme = () => schemeOf(config.scheme);
  doors.post = createPost(doors);
  doors.keep = createKeep(`${name}.`, storage);
  doors.identity = createIdentity(doors);
  doors.memory = createMemory(doors);
  doors.report = createReport(doors);
  doors.lock = createLock(`${name}.sending`, { ...doors, locks: storage && navigator.locks }); // refused together
  const layers = [storage, {}].filter(Boolean).map((place) => storageLayer(`${name}.queue.`, place));
  doors.store = createStore(database ? [databaseLayer(name, database), ...layers] : layers);
  doors.send = createSend({ ...doors, beacon: (url, body) => navigator.sendBeacon(url, body) });
  const { emit } = (doors.listeners = createListeners());
  doors.onSent = (events) => emit("sent", events);
  doors.onError = (error) => {
    warn(error);
    emit("error", { error });
  };
  const queue = (doors.queue = createQueue(doors));

  doors.record = (call) => {
    const event = jsonOf(call);
    if (!event) return doors.onError(`${call.type}() was dropped: JSON cannot carry it.`);
    const written = queue.add(event).then(() => queue.later(BATCHED));
    emit("report", event);
    return within(written, WRITE).catch(ignore);
  };
  // Should it be lost, the browser remembers, and says it again when the queue still has the message.
  doors.keyed = { "Content-Type": "application/json", "X-CIO-Site-Id": config.writeKey };
  doors.logSeen = (id) => doors.post(`/api/v1/logs/queue/${id}`, "{}", doors.keyed, true).catch(ignore);
  let more;
  doors.more = () => (more ||= import(new URL("more.js", config.src)).catch((error) => ((more = null), Promise.reject(error))));
  doors.go = (url) => location.assign(url);
  doors.again = (messageId, properties) => (properties ? stage.add(messageId, properties) : doors.poll.soon());

  const stage = (doors.stage = createStage(doors));
  doors.onQueue = (messages) => {
    stage.offer(messages);
    queue.flush(); // the server is there: what another page left behind goes too
  };
  doors.onConnected = () => doors.poll.run();
  let live;
  let wanted = false;
  doors.live = {
    open: () => {
      wanted = true;
      doors.more().then(({ createLive }) => wanted && (live ||= createLive(doors)).open(), ignore); // polling goes on
    },
    close: () => {
      wanted = false;
      live?.close();
    },
  };
  doors.poll = createPoll(doors);
  return doors;
}
