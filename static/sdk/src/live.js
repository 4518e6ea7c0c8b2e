// Messages the moment they are there, over SSE, when the server offers it. Whatever goes wrong, polling goes on.
import { attempt, base64, ignore } from "./util.js";

const SILENCE = 65; // seconds without a word, when the server names no heartbeat

export function createLive({ host, writeKey, identity, fetch, onQueue, onConnected, timer }) {
  let source;
  let silence;
  let address;

  const find = () =>
    fetch(`${host}/v1/projects/${writeKey}/settings`)
      .then((response) => response.json())
      .then(({ liveUrl }) => (address = liveUrl || host));

  function close() {
    clearTimeout(silence);
    source?.close();
    source = null;
  }

  async function open() {
    if (source || !window.EventSource) return;
    const mine = (source = { close() {} }); // nobody opens another while the address is asked for
    const url = address || (await find().catch(ignore));
    if (source !== mine) return;
    if (!url) return close();
    const { userId, anonymousId } = identity.get();
    const query = { userToken: base64(userId || anonymousId), siteId: writeKey };
    source = new EventSource(`${url}/api/v3/sse?${new URLSearchParams(query)}`);
    source.onerror = close; // the next poll opens it again, as it does when there was no address
    let patience = SILENCE;
    const on = (event, listener) =>
      source.addEventListener(event, ({ data }) => {
        listener(attempt(() => JSON.parse(data)));
        clearTimeout(silence);
        silence = timer(close, patience * 1000);
      });
    on("connected", (data) => {
      if (data?.heartbeat > 0) patience = Math.min(data.heartbeat, 3600) + 5;
      onConnected();
    });
    on("heartbeat", () => {});
    on("messages", (data) => data && onQueue(data));
  }

  return { open, close };
}
