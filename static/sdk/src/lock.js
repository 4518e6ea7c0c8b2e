// One tab sends at a time. Web Locks where there are; else a lease that runs out, in localStorage. Should two tabs
// send all the same, the server knows a report by its messageId.
import { attempt } from "./util.js";

const LEASE = 15000;

/** Runs `work` and answers true, or answers nothing true when another tab is at it. */
export function createLock(name, { locks, storage, session, now }) {
  if (locks) return (work) => locks.request(name, { ifAvailable: true }, (lock) => lock && work().then(() => true));

  const held = () => attempt(() => JSON.parse(storage[name])) || {};
  return async (work) => {
    const { by, until } = held();
    const left = until - now();
    if (by !== session && left > 0 && left <= LEASE) return false; // more than that: the clock was set back
    attempt(() => (storage[name] = JSON.stringify({ by: session, until: now() + LEASE })));
    try {
      await work();
    } finally {
      if (held().by === session) delete storage[name];
    }
    return true;
  };
}
