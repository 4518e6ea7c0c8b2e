// Asks for the queue: at the server's interval, soon after the person did something, never while hidden.
import { retryAfter } from "./backoff.js";
import { base64 } from "./util.js";

const DEFAULT = 600;
const OFFLINE = 30;
const LONGEST = 3600; // timers of browsers end at once when they are given more than 24 days
const SOON = [700, 2500, 6000]; // a campaign answers an event within seconds

export function createPoll({ identity, keyed, post, onQueue, live, onError, timer, now }) {
  let next;
  let soon = [];
  let asking;
  let again;
  let turn = 0;

  async function ask(mine) {
    const { userId, anonymousId, signature } = identity.get();
    const headers = {
      ...keyed,
      "X-Gist-Encoded-User-Token": base64(userId || anonymousId),
      "X-Gist-User-Anonymous": !userId,
      ...(signature && { "X-Earshot-Signature": signature }),
    };
    try {
      const { status, header, body } = await post("/api/v4/users", "{}", headers);
      if (mine !== turn) return 0; // somebody else has signed in meanwhile
      if (status < 300) onQueue(body.inAppMessages || []); // no body: no answer of Earshot's
      else if (status !== 304) onError(`The queue answered ${status}.`);
      live[header("X-CIO-Use-SSE") === "true" ? "open" : "close"]();
      const interval = +header("X-Gist-Queue-Polling-Interval");
      return Math.min(Math.max(interval > 0 ? interval : DEFAULT, retryAfter(header("Retry-After"), now()) / 1000), LONGEST);
    } catch {
      return OFFLINE;
    }
  }

  function run() {
    clearTimeout(next);
    again = !!asking; // what is under way may have read the queue before that came of which one is told now
    if (asking || document.hidden) return asking; // a hidden page asks when it is seen again
    const mine = turn;
    asking = ask(mine).then((seconds) => {
      if (mine !== turn) return;
      asking = null;
      next = timer(run, again ? 0 : seconds * 1000);
    });
    return asking;
  }

  return {
    run,
    /** For another person: whatever is under way is of the one before. */
    restart() {
      turn += 1;
      asking = null;
      return run();
    },
    soon() {
      soon.forEach(clearTimeout);
      soon = SOON.map((wait) => timer(run, wait));
    },
  };
}
