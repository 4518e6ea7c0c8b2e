// The renderer in its frame. Sandboxed without `allow-same-origin`: content can reach neither the page around it
// nor anything of Earshot's own origin, and can neither navigate nor open windows. It can only say things, and
// is believed only through its own window and instance.
const TIMEOUT = 12000;

export function createFrame({ host, message, scheme, instanceId, on, timer }) {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts";
  frame.title = "Message";
  frame.src = `${host}/renderer/index.html`;

  const { messageId, properties } = message;
  const options = { messageId, instanceId, properties, colorScheme: scheme(), lang: document.documentElement.lang };
  const post = (data) => frame.contentWindow.postMessage(data, "*");
  frame.onload = () => post({ options, capabilities: ["Links"] });

  const late = timer(() => on.error({ reason: "It did not load in time." }), TIMEOUT);

  function hear({ source, data }) {
    const said = source === frame.contentWindow && data?.gist;
    if (said?.instanceId !== instanceId) return;
    const { method, parameters } = said;
    if (method === "routeLoaded") clearTimeout(late);
    if (method === "titleChanged") frame.title = parameters.title;
    if (method === "sizeChanged") frame.style.height = `${parameters.height}px`;
    on[method]?.(parameters);
  }
  addEventListener("message", hear);

  return {
    element: frame,
    focus() {
      frame.focus();
      post({ action: "focus" });
    },
    remove() {
      clearTimeout(late);
      removeEventListener("message", hear);
    },
  };
}
