/** `promise`, or a rejection when it takes longer than `milliseconds`. */
export const within = (promise, milliseconds) =>
  new Promise((done, fail) => {
    promise.then(done, fail);
    setTimeout(fail, milliseconds);
  });

export const warn = (...words) => console.warn("[earshot]", ...words);

export const ignore = () => {};

/** What `get` gives, or null where the browser's settings refuse it. */
export function attempt(get) {
  try {
    return get();
  } catch {
    return null;
  }
}

/** A random id of 128 bits; not `randomUUID`, which pages over plain http do not have. */
export const uuid = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte + 256).toString(16).slice(1)).join("");

export const utf8 = (text) => new TextEncoder().encode(text);

/** Base64 of UTF-8, as the queue's user header wants it. */
export const base64 = (text) => btoa(String.fromCharCode(...utf8(text)));
