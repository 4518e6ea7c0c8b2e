// Speaking with the page that frames this one. Only the framing page is listened to.
let instanceId = "";

export const isHost = (event) => event.source === window.parent;

export const setInstance = (value) => {
  instanceId = value || "";
};

export function tell(method, parameters = {}) {
  window.parent.postMessage({ gist: { instanceId, method, parameters } }, "*");
}

let last = "";

/** The size of the drawn message, told when it differs from what was told before. */
export function tellSize(card, again = false) {
  const { width, height } = card.getBoundingClientRect();
  const size = { width: Math.ceil(width), height: Math.ceil(height) };
  const key = `${size.width}x${size.height}`;
  if (!size.height || (key === last && !again)) return;
  last = key;
  tell("sizeChanged", size);
}
