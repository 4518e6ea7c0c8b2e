// Messages the moment they are there, over SSE, when the server offers it. Whatever goes wrong, polling goes on.
import { attempt, base64 } from "./util.js";

const SILENCE = 65; // seconds without a word, when the server names no heartbeat

export function createLive({ host, writeKey, identity, session, fetch, onQueue, onConnected, timer }) {
  let source;
  let silence;
  let address;

  const find = () =>
    fetch(`${host}/v1/projects/${writeKey}/settings`)
      .then((response) => response.json())
      .then(({ liveUrl }) => liveUrl || host)
      .catch(() => host);

  function close() {
    clearTimeout(silence);
    if (source) source.close();
    source = null;
  }

  async function open() {
    if (source || !window.EventSource) return;
    const mine = (source = { close() {} }); // nobody opens another while the address is asked for
    const url = await (address = address || find());
    if (source !== mine) return;
    const { userId, anonymousId, signature = "" } = identity.get();
    const query = { userToken: base64(userId || anonymousId), siteId: writeKey, sessionId: session, platform: "web", signature };
    source = new EventSource(`${url}/api/v3/sse?${new URLSearchParams(query)}`);
    source.onerror = close; // the next poll opens it again
    let patience = SILENCE;
    const on = (event, listener) =>
      source.addEventListener(event, ({ data }) => {
        listener(attempt(() => JSON.parse(data)));
        clearTimeout(silence);
        silence = timer(close, patience * 1000);
      });
    on("connected", (data) => {
      if (data && data.heartbeat) patience = data.heartbeat + 5;
      onConnected();
    });
    on("heartbeat", () => {});
    on("messages", (data) => data && onQueue(data));
  }

  return { open, close };
}
