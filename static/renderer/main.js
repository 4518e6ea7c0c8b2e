// The renderer: draws the delivery that its host names, or on the editor's own page what the editor hands over, and tells
// the host what happens.
import { BEHAVIOURS } from "./behaviours.js";
import { closeOf, kindOf, linkTap, tapOf } from "./behaviour.js";
import { answered, branched, progressOf } from "./branching.js";
import { contentOf } from "./content.js";
import { drawStep, paint } from "./draw.js";
import { listenForClosing } from "./gestures.js";
import { isHost, setInstance, tell, tellSize } from "./host.js";
import { loaded as kinds } from "./kinds.js";

const TOO_SOON = 300; // milliseconds after a step was drawn, in which nothing is answered
const IMAGES_WAIT = 800; // milliseconds an image may hold the message back
const root = document.getElementById("message");
const IS_PREVIEW = "preview" in root.dataset;
const said = document.getElementById("said");
const system = window.matchMedia("(prefers-color-scheme: dark)");

const now = { content: null, step: null, card: null, preview: false, scheme: "light", links: false, over: false, answers: {} };

const isDark = () => now.scheme === "dark" || (["auto", "system"].includes(now.scheme) && system.matches);

const stepOf = (content, id) => content.steps.find((step) => step.id === id);

const sizes = new ResizeObserver(() => now.card && tellSize(now.card));

function show(step, { focus = false } = {}) {
  now.step = step;
  paint(root, now.content, isDark());
  const { step: before, ready } = now.card?.dataset || {};
  // What was replaced answers nothing more: a field that is taken away, for one, still tells that it lost the focus.
  const card = (now.card = drawStep(root, now.content, step, { tap: (...tapped) => card === now.card && tap(...tapped) }));
  if (before === step.id && ready) card.dataset.ready = ready;
  else setTimeout(() => (card.dataset.ready = "yes"), TOO_SOON);
  sizes.disconnect();
  sizes.observe(now.card);
  tellSize(now.card, true);
  tell("titleChanged", { title: (root.querySelector("h1, h2, h3, .text")?.textContent.trim() || step.name || "Message").slice(0, 120) });
  if (focus) now.card.focus({ preventScroll: true });
}

function goTo(id) {
  const step = stepOf(now.content, id);
  if (!step || step === now.step) return;
  show(step, { focus: true });
  const { at, of } = progressOf(now.content, step);
  said.textContent = `Step ${at} of ${of}`;
  tell("changeMessageStep", { messageStepName: step.id, close: tapOf(closeOf(now.content, step)) });
}

/** A tap on what was drawn a moment ago was meant for what stood there before; so was the second of a double click. */
root.addEventListener("click", (event) => {
  if (event.detail < 2 && now.card?.dataset.ready) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

/** Every tap is told before it takes effect. One that ends the message is told once. */
function tap(tapped, reason) {
  if (now.over) return;
  now.answers = answered(now.answers, now.step, tapped);
  const action = branched(now.step, tapped, now.answers);
  const kind = kindOf(action);
  if (!now.preview && !BEHAVIOURS[kind].stays) {
    now.over = true;
    setTimeout(() => (now.over = false), 1000); // should the host keep the message open
  }
  tell("tap", { ...tapOf(action), ...(reason && kind === "dismiss" ? { reason } : {}) });
  if (BEHAVIOURS[kind].goesToStep) goTo(action.behaviour.value);
}

root.addEventListener("click", (event) => {
  const anchor = event.target.closest("a[href]");
  if (!anchor) return;
  event.preventDefault();
  tell("tap", linkTap(anchor));
  if (!now.preview && !now.links) window.open(anchor.href, "_blank", "noopener");
});

listenForClosing(root, () => (now.preview ? null : now.content));

system.addEventListener("change", () => now.content && paint(root, now.content, isDark()));

function loaded() {
  const images = [...root.querySelectorAll("img")].filter((image) => !image.complete);
  const ready = Promise.all(images.map((image) => new Promise((done) => (image.onload = image.onerror = done))));
  // A timer, not an animation frame: a host may keep the frame hidden until it hears this.
  Promise.race([ready, new Promise((done) => setTimeout(done, images.length ? IMAGES_WAIT : 0))]).then(() => {
    tellSize(now.card, true);
    tell("routeLoaded", { route: now.route, close: tapOf(closeOf(now.content, now.step)) });
  });
}

async function open(options, capabilities = []) {
  setInstance(options.instanceId);
  const deliveryId = options.properties?.gist?.campaignId || options.deliveryId || "";
  Object.assign(now, { route: options.messageId || deliveryId, preview: false, over: false, answers: {} });
  now.scheme = options.colorScheme || "light";
  now.links = capabilities.includes("Links");
  document.documentElement.lang = options.lang || navigator.language;
  tell("bootstrapped");
  try {
    [now.content] = await Promise.all([contentOf(deliveryId), kinds]);
    show(stepOf(now.content, options.stepId) || now.content.steps[0]);
    loaded();
  } catch (error) {
    tell("error", { route: now.route, reason: error.message });
  }
}

/** A preview may come again at every keystroke: the step stays unless another is asked for. */
function preview(data) {
  const fresh = !now.preview;
  setInstance(data.instanceId || "preview");
  Object.assign(now, { content: data.preview, preview: true, links: true, route: "preview" });
  now.scheme = data.colorScheme || "light";
  if (fresh) tell("bootstrapped");
  const kept = now.step && stepOf(now.content, now.step.id);
  const step = stepOf(now.content, data.step) || kept || now.content.steps[0];
  if (!step) return root.replaceChildren();
  show(step);
  loaded();
}

window.addEventListener("message", (event) => {
  const data = event.data;
  if (!isHost(event) || !data || typeof data !== "object") return;
  if (IS_PREVIEW) {
    // The page is sandboxed, so its origin is opaque; its address still says which site it is of.
    if (event.origin === window.location.origin && data.preview) kinds.then(() => preview(data));
  } else if (data.options) open(data.options, data.capabilities);
  else if (!now.content) return;
  else if (data.action === "showStep") goTo(data.stepId);
  else if (data.action === "updateColorScheme") {
    now.scheme = data.colorScheme;
    paint(root, now.content, isDark());
  } else if (data.action === "focus") now.card.focus({ preventScroll: true });
});
