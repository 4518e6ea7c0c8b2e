// The places of messages: what jsdom lacks (dialogs, observers) is there as a fake that says what it was asked.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { banner } from "../../static/sdk/src/display/banner.js";
import { inline } from "../../static/sdk/src/display/inline.js";
import { modal } from "../../static/sdk/src/display/modal.js";
import { whenSeen } from "../../static/sdk/src/display/seen.js";
import { createShell } from "../../static/sdk/src/display/shell.js";
import { makeClock, makePage } from "../page.js";

let page, clock, watches, over;
beforeEach(() => {
  page = makePage('<main id="here"></main>');
  clock = makeClock();
  watches = [];
  over = null;
  globalThis.innerHeight = 1000;
  page.document.elementFromPoint = (...at) => over?.(...at);
  globalThis.IntersectionObserver = class {
    constructor(told) {
      this.told = told;
      this.watched = [];
      watches.push(this);
    }
    observe(element) {
      this.watched.push(element);
    }
    disconnect() {
      this.rested = (this.rested || 0) + 1;
    }
  };
});

const makeFrame = () => {
  const frame = { element: page.document.createElement("iframe"), focused: 0, focus: () => (frame.focused += 1) };
  frame.element.title = "How was it?";
  return frame;
};
const sight = (height, whole, { isIntersecting = true } = {}) => [
  { isIntersecting, intersectionRect: { left: 10, top: 20, width: 100, height }, boundingClientRect: { height: whole } },
];

function watch({ drawn = true } = {}) {
  const host = page.document.body.appendChild(page.document.createElement("div"));
  host.getClientRects = () => (drawn ? [{}] : []);
  const log = { seen: 0, hidden: 0 };
  over = () => host;
  whenSeen(host, host, () => (log.seen += 1), () => (log.hidden += 1));
  return { host, log, tell: (...args) => watches[0].told(sight(...args)) };
}

test("a message is seen once a third of it is in sight", () => {
  const { log, tell } = watch();
  tell(29, 100);
  assert.equal(log.seen, 0);
  tell(30, 100);
  assert.equal(log.seen, 1);
});

test("a message taller than the screen is seen once it fills half of the screen", () => {
  const { log, tell } = watch();
  tell(499, 5000);
  assert.equal(log.seen, 0);
  tell(500, 5000);
  assert.equal(log.seen, 1);
});

test("out of sight it is not seen", () => {
  const { log, tell } = watch();
  tell(100, 100, { isIntersecting: false });
  assert.equal(log.seen, 0);
});

test("behind something of the page it is not seen; what is asked is the middle of what is in sight", () => {
  const { log, tell } = watch();
  const asked = [];
  over = (...at) => (asked.push(at), page.document.body);
  tell(100, 100);
  assert.equal(log.seen, 0);
  assert.deepEqual(asked, [[60, 70]]);
});

test("one that was not seen is looked for again after a moment, as long as it is there", async () => {
  const { host, tell } = watch();
  tell(1, 100);
  assert.equal(watches[0].rested, 1);
  await clock.pass(299);
  assert.equal(watches[0].watched.length, 1);
  await clock.pass(1);
  assert.equal(watches[0].watched.length, 2);
  tell(1, 100);
  host.remove();
  await clock.pass(300);
  assert.equal(watches[0].watched.length, 2);
});

test("one that was seen is not looked for again", async () => {
  const { tell } = watch();
  tell(100, 100);
  await clock.pass(1000);
  assert.equal(watches[0].watched.length, 1);
});

test("a place that is not drawn for five seconds is told", async () => {
  const { log } = watch({ drawn: false });
  await clock.pass(4999);
  assert.equal(log.hidden, 0);
  await clock.pass(1);
  assert.equal(log.hidden, 1);
});

test("a place that is drawn, or that is gone, is not told", async () => {
  const drawn = watch();
  const gone = watch({ drawn: false });
  gone.host.remove();
  await clock.pass(6000);
  assert.deepEqual([drawn.log.hidden, gone.log.hidden], [0, 0]);
});

test("a shell keeps its frame out of reach of the page's styles, hidden until it is shown", async () => {
  const frame = makeFrame();
  const shell = createShell("section", "top", "400px", frame, ".more{}");
  assert.equal(shell.host.localName, "earshot-message");
  assert.equal(shell.host.parentElement, page.document.body);
  assert.equal(shell.box.parentNode, shell.host.shadowRoot);
  assert.equal(frame.element.parentElement, shell.box);
  assert.deepEqual([shell.box.localName, shell.box.className], ["section", "top"]);
  assert.equal(shell.box.style.visibility, "hidden");
  assert.equal(shell.box.style.getPropertyValue("--w"), "400px");
  assert.match(shell.host.shadowRoot.textContent, /:host\{all:initial\}[\s\S]*\.more\{\}/);
  shell.show();
  assert.equal(shell.box.style.visibility, "visible");
  assert.equal(shell.box.getAttribute("aria-label"), "How was it?");
  shell.close();
  await clock.pass(159);
  assert.equal(shell.host.isConnected, true);
  await clock.pass(1);
  assert.equal(shell.host.isConnected, false);
});

test("where the page forbids inline styles they come as a sheet", () => {
  const given = [];
  globalThis.CSSStyleSheet = class {
    replaceSync(text) {
      given.push(text);
    }
  };
  const { host } = createShell("section", "top", "1px", makeFrame(), ".more{}");
  assert.match(given[0], /all:initial[\s\S]*\.more\{\}$/);
  assert.equal(host.shadowRoot.adoptedStyleSheets.length, 1);
  assert.equal(host.shadowRoot.querySelector("style"), null);
});

for (const [edge, far] of [["top", -12], ["bottom", 12]])
  test(`one at the ${edge} moves from there, unless motion is unwanted`, () => {
    const moves = [];
    page.window.HTMLElement.prototype.animate = (...args) => moves.push(args);
    createShell("section", edge, "1px", makeFrame()).show();
    assert.deepEqual(moves, []);
    globalThis.matchMedia = (query) => ({ matches: query !== "(prefers-reduced-motion:reduce)" });
    const shell = createShell("section", edge, "1px", makeFrame());
    shell.show();
    shell.close();
    const away = { opacity: 0, transform: `translateY(${far}px)` };
    assert.deepEqual(moves, [[[away, {}], 180], [[{}, away], 180]]);
  });

function open(gist = {}) {
  const log = { dismissed: [], seen: 0, opened: 0 };
  Object.assign(page.window.HTMLDialogElement.prototype, { showModal: () => (log.opened += 1), close() { this.onclose?.(); } });
  const frame = makeFrame();
  const display = modal({ gist, frame, dismiss: (reason) => log.dismissed.push(reason), seen: () => (log.seen += 1), createShell });
  const box = display.host.shadowRoot.querySelector("dialog");
  return { display, frame, log, box };
}

test("a modal is a dialog with the focus in it, and is seen at once", () => {
  const { display, frame, log } = open();
  assert.deepEqual([log.opened, log.seen, frame.focused], [0, 0, 0]);
  display.show();
  assert.deepEqual([log.opened, log.seen, frame.focused], [1, 1, 1]);
});

test("its settings are its place, its width and its overlay", () => {
  const { box } = open({ position: "bottom", messageWidth: "500", overlayColor: "rgb(1, 2, 3)" });
  assert.equal(box.className, "bottom");
  assert.equal(box.style.getPropertyValue("--w"), "500px");
  assert.equal(box.style.background, "rgb(1, 2, 3)");
});

test("without settings it is in the middle, 414 wide, over a shade", () => {
  const { box } = open();
  assert.equal(box.className, "center");
  assert.equal(box.style.getPropertyValue("--w"), "414px");
  assert.match(box.style.background, /rgba\(0, 0, 0, 0\.4/);
});

test("a tap beside it, or Esc, dismisses it", () => {
  const { box, log } = open();
  box.onclick({ target: box });
  let stopped = 0;
  box.oncancel({ preventDefault: () => (stopped += 1) });
  assert.deepEqual(log.dismissed, ["backdrop", "esc"]);
  assert.equal(stopped, 1); // the dialog closes when the report is written, not before
});

test("a tap inside it does not dismiss it", () => {
  const { box, frame, log } = open();
  box.onclick({ target: frame.element });
  assert.deepEqual(log.dismissed, []);
});

test("one that may not be dismissed from outside stays, and opens again when a browser closes it", () => {
  const { box, display, log } = open({ exitClick: false });
  display.show();
  box.onclick({ target: box });
  box.oncancel({ preventDefault() {} });
  assert.deepEqual(log.dismissed, []);
  box.onclose();
  assert.equal(log.opened, 2);
});

test("closed by its end it does not open again", async () => {
  const { display, log } = open();
  display.show();
  display.close();
  await clock.pass(160);
  assert.equal(log.opened, 1);
  assert.equal(display.host.isConnected, false);
});

function strip(kind, gist = {}) {
  const log = { seen: 0, hidden: [] };
  const frame = makeFrame();
  const made = kind({ gist, frame, place: "top", seen: () => (log.seen += 1), hidden: (text) => log.hidden.push(text), createShell });
  return { made, frame, log, root: made.host.shadowRoot };
}

test("a banner stands at its edge, takes no focus, and is said to a screen reader", () => {
  const { made, frame, root } = strip(banner);
  const said = root.querySelector("[role=status]");
  assert.equal(root.querySelector("section").className, "top");
  assert.equal(said.textContent, "");
  made.show();
  assert.equal(said.textContent, "How was it?");
  assert.equal(frame.focused, 0);
  assert.equal(root.querySelector("section").style.visibility, "visible");
});

for (const [asked, width] of [[undefined, 760], ["900", 900], ["400", 760], ["wide", 760]])
  test(`a banner of ${asked} is ${width} wide`, () =>
    assert.equal(strip(banner, { messageWidth: asked }).root.querySelector("section").style.getPropertyValue("--w"), `${width}px`));

test("a banner is seen when it is in sight", () => {
  const { made, log } = strip(banner);
  made.show();
  over = () => made.host;
  watches[0].told(sight(100, 100));
  assert.equal(log.seen, 1);
});

test("an inline message stands in its element and is seen when it is in sight", () => {
  const { made, frame, log, root } = strip(inline, { elementId: "here" });
  assert.equal(made.host.parentElement.id, "here");
  assert.equal(root.querySelector("section").className, "inline");
  assert.equal(root.querySelector("section").style.getPropertyValue("--w"), "none");
  assert.equal(watches.length, 0);
  made.show();
  assert.deepEqual(watches[0].watched, [frame.element]);
  over = () => made.host;
  watches[0].told(sight(100, 100));
  assert.equal(log.seen, 1);
});

test("an inline message whose place is hidden tells which", async () => {
  const { made, log } = strip(inline, { elementId: "here" });
  made.host.getClientRects = () => [];
  made.show();
  await clock.pass(5000);
  assert.deepEqual(log.hidden, ['Its place "here" is hidden.']);
});
