// A behaviour as the string that every host understands: a gist: URL, or the author's own word.
const id = (action) => encodeURIComponent(action.id || "");

// `gist://close` without a query is a close that nobody reports; with one it closes too, and public clients report it.
const close = (action) => (action.track ? `gist://close?id=${id(action)}` : "gist://close");

// Base64 takes bytes alone, and JSON may be written in ASCII alone.
const ascii = (json) => json.replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The delivery of the message that it shows, and how: public clients hand it to the renderer. */
const next = ({ properties }) => (properties ? `&properties=${encodeURIComponent(btoa(ascii(JSON.stringify(properties))))}` : "");

const ENCODERS = {
  dismiss: close,
  submit: close,
  snooze: (action, value) => `gist://snooze?showIn=${encodeURIComponent(value || "60")}`,
  url: (action, value) => `gist://loadPage?url=${value}`,
  message: (action, value) => `gist://showMessage?messageId=${encodeURIComponent(value)}${next(action.behaviour)}`,
  step: (action, value) => `step:${value}`,
  deeplink: (action, value) => value,
  custom: (action, value) => value,
};

export const kindOf = (action) => action.behaviour?.kind || "dismiss";

/** The parameters of a `tap`: the three that public clients read, then what our SDK reads besides. */
export function tapOf(action) {
  const behaviour = { kind: kindOf(action), value: action.behaviour?.value || "", properties: action.behaviour?.properties };
  return {
    action: ENCODERS[behaviour.kind](action, behaviour.value),
    name: action.name || "",
    system: behaviour.kind === "deeplink",
    id: action.id || "",
    value: action.value || "",
    tracked: action.track !== false,
    behaviour,
    dismissal: action.id === "close", // a named button that closes is an answer
  };
}

/** A link inside a text: no action of the author's, so never tracked. */
export const linkTap = (anchor) => ({
  action: `gist://loadPage?url=${anchor.href}`,
  name: anchor.textContent.trim(),
  system: false,
  id: "",
  value: "",
  tracked: false,
  behaviour: { kind: "url", value: anchor.href },
  dismissal: false,
});

const asks = (step) => (step.blocks || []).some((block) => block.action || block.options?.length);

/** The close action as it is on this step: on a thank-you step (a later one that asks nothing) closing is no response. */
export const closeOf = (content, step) => (step === content.steps[0] || asks(step) ? content.close : { ...content.close, track: false });
