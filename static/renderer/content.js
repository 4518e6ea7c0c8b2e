// Content by its delivery id. A lost request is asked again; a refusal is final.
const PAUSES = [400, 1500];

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export async function contentOf(deliveryId) {
  // The page may be sandboxed, so its origin is opaque; the address is not.
  const url = new URL(`/renderer/content/${encodeURIComponent(deliveryId)}`, window.location.href);
  for (let attempt = 0; ; attempt += 1) {
    let status = 0;
    try {
      const response = await fetch(url, { credentials: "omit" });
      if (response.ok) return await response.json();
      status = response.status;
    } catch {
      // no answer: asked again below
    }
    if (attempt === PAUSES.length || (status >= 400 && status < 500 && status !== 429)) {
      throw new Error(status ? `The content was refused with ${status}.` : "The content cannot be reached.");
    }
    await pause(PAUSES[attempt]);
  }
}
