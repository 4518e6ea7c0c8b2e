// What this browser knows of deliveries before the server has heard it: shown, done with, snoozed.
const KEPT = 200;

export function createMemory({ keep, now, identity }) {
  const list = (name) => keep.get(name) || [];
  const has = (name, id) => list(name).includes(id);
  const put = (name, id) => has(name, id) || keep.set(name, [...list(name), id].slice(-KEPT));
  const without = (id) => list("snoozed").filter(({ message }) => message.queueId !== id);
  const isMine = ({ userId, anonymousId }) => {
    const present = identity.get();
    return userId ? userId === present.userId : anonymousId === present.anonymousId;
  };
  return {
    isDone: (id) => has("done", id),
    finish: (id) => put("done", id),
    /** True the first time. */
    open: (id) => !has("opened", id) && (put("opened", id), true),
    snooze: (message, minutes) =>
      keep.set("snoozed", [...without(message.queueId), { message, until: now() + minutes * 60000, by: identity.get() }]),
    /** Messages of the present person whose time has come again, each given once. */
    awake: () =>
      list("snoozed")
        .filter(({ until, by }) => until <= now() && isMine(by))
        .map(({ message }) => {
          keep.set("snoozed", without(message.queueId));
          keep.set("done", list("done").filter((id) => id !== message.queueId));
          return { ...message, woken: true };
        }),
  };
}
