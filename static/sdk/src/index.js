// The SDK's face: `window.earshot`. Calls made on a stub array before the script arrived are made again here.
import { createApp } from "./app.js";
import { readConfig, VERSION } from "./config.js";
import { idOf } from "./identity.js";
import { warn } from "./util.js";

function start(config) {
  const { identity, listeners, live, poll, queue, record, report, stage, keep } = createApp(config);

  /** Another person than before: nothing of the former one's stays on the screen. */
  function changed() {
    stage.clear();
    live.close();
    poll.restart();
  }

  function say(type, fields) {
    poll.soon();
    return record(report.call(type, fields));
  }

  function back() {
    queue.flush();
    poll.run();
  }

  addEventListener("pagehide", () => {
    stage.left();
    queue.leave();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return back();
    queue.leave();
    live.close();
  });
  addEventListener("online", back);
  addEventListener("storage", (event) => {
    if (keep.is(event, "done")) stage.sync();
    if (keep.is(event, "who")) changed();
  });
  if (document.body) back();
  else addEventListener("DOMContentLoaded", back);

  const { on, off, onAction } = listeners;
  const api = {
    version: VERSION,
    identify(userId, traits = {}, { signature } = {}) {
      const id = idOf(userId);
      if (!id) return warn("identify() wants an id, as a text.");
      const other = identity.identify(id, signature);
      const written = say("identify", { traits });
      if (other) changed();
      return written;
    },
    track: (event, properties = {}) => (event ? say("track", { event, properties }) : warn("track() wants a name.")),
    page: (name, properties) =>
      say("page", { name, properties: { url: location.href, path: location.pathname, title: document.title, ...properties } }),
    reset() {
      identity.reset();
      changed();
    },
    on,
    off,
    onAction,
    dismiss: stage.dismiss,
    refresh: poll.run,
    flush: queue.flush,
    identity: identity.get,
    /** Calls as lists, `["track", "Signed up"]`: before the script is there, and after. */
    push: (...calls) => calls.forEach(([method, ...args]) => {
      if (!api[method]?.call) return warn(`There is no ${method}().`);
      try {
        api[method](...args);
      } catch (error) {
        warn(error);
      }
    }),
  };
  return api;
}

const script = document.currentScript || document.querySelector("script[data-write-key]");
const config = readConfig(script);
const early = window.earshot;
if (early?.version) warn("The SDK is here twice.");
else if (!config.writeKey) warn("The script tag has no data-write-key.");
else {
  window.earshot = start(config);
  if (Array.isArray(early)) window.earshot.push(...early.filter(Array.isArray));
}
