// What a tap can do: the twin of messaging/actions/behaviours.py.
const id = (action) => encodeURIComponent(action.id || "");

// `gist://close` without a query is a close that nobody reports; with one it closes too, and public clients report it.
const close = (action) => (action.track ? `gist://close?id=${id(action)}` : "gist://close");

// Base64 takes bytes alone, and JSON may be written in ASCII alone.
const ascii = (json) => json.replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The delivery of the message that it shows, and how: public clients hand it to the renderer. */
const next = ({ properties }) => (properties ? `&properties=${encodeURIComponent(btoa(ascii(JSON.stringify(properties))))}` : "");

/**
 * encode       the string that every host understands: a gist: URL, or the author's own word
 * stays        whether the message stays on the screen
 * goesToStep   whether its value is the id of a step
 * label        its name in the editor; without one it is not offered there
 * value        the name and the hint of the field for its value, if it has one
 */
export const BEHAVIOURS = {
  dismiss: { label: "Dismiss the message", encode: close },
  step: { label: "Go to a step", stays: true, goesToStep: true, encode: (action, value) => `step:${value}` },
  submit: { label: "Submit and close", encode: close },
  url: { label: "Open a URL", value: ["URL", "https://…, may hold variables."], encode: (action, value) => `gist://loadPage?url=${value}` },
  deeplink: { label: "Open a deep link", value: ["Deep link", "myapp://path"], encode: (action, value) => value },
  custom: { label: "Custom: your app handles it", stays: true, value: ["Custom action", "Your app hears this value."], encode: (action, value) => value },
  snooze: {
    label: "Snooze", value: ["Minutes", "Shown again after so many minutes."], type: "number", start: "60",
    encode: (action, value) => `gist://snooze?showIn=${encodeURIComponent(value || "60")}`,
  },
  message: { encode: (action, value) => `gist://showMessage?messageId=${encodeURIComponent(value)}${next(action.behaviour)}` },
};
