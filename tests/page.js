// A page for parts that draw: jsdom's window takes the place of a browser's. Timers and the clock are run by hand.
import { mock } from "node:test";
import { JSDOM } from "jsdom";

const NAMES = ["window", "document", "location", "MutationObserver", "MessageEvent", "Event", "KeyboardEvent", "MouseEvent", "HTMLElement", "CSSStyleSheet", "Node"];

export function makePage(html = "", url = "https://shop.example/") {
  const { window } = new JSDOM(`<!doctype html><html lang="en"><body>${html}</body></html>`, { url, pretendToBeVisual: true });
  const give = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  for (const name of NAMES) give(name, name === "window" ? window : window[name]);
  for (const name of ["addEventListener", "removeEventListener", "getComputedStyle"]) give(name, window[name].bind(window));
  window.matchMedia = () => ({ matches: true, addEventListener() {} });
  give("matchMedia", window.matchMedia);
  return { window, document: window.document };
}

/** Time that passes only when told to: `clock.pass(200)`. Promises that are done are heard of before and after. */
export function makeClock() {
  let now = 1000;
  mock.reset();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
  return {
    async pass(milliseconds) {
      await idle();
      now += milliseconds;
      mock.timers.tick(milliseconds);
      await idle();
    },
  };
}

export async function idle() {
  for (let turn = 0; turn < 20; turn += 1) await null;
}
