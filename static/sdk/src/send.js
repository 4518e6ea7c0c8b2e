// One request to Earshot, and what its answer means.
import { retryAfter } from "./backoff.js";
import { ignore, within } from "./util.js";

const TIMEOUT = 10000;

/** A POST without cookies that gives up in time; `leaving` lets it outlive the page. Answers {status, header, body};
 * a body that broke off, or is somebody's on the way and no JSON, is left out. */
export const createPost =
  ({ host, fetch, timeout = TIMEOUT }) =>
  (path, body, headers, leaving) =>
    within(
      fetch(host + path, { method: "POST", body, headers, keepalive: leaving, credentials: "omit" }).then(async (response) => ({
        status: response.status,
        header: (name) => response.headers.get(name),
        body: await response.json().catch(ignore),
      })),
      timeout,
    );

export function createSend({ host, writeKey, post, beacon, now }) {
  /** Answers {codes: one for each event, empty where it was kept}, {tooLarge}, {again: milliseconds to wait at
   * least} or {}, when nobody answered. */
  return async function send(events, leaving) {
    const sentAt = new Date(now()).toISOString();
    const text = JSON.stringify({ batch: events.map((event) => ({ ...event, sentAt })), writeKey, sentAt });
    try {
      const { status, header, body } = await post("/v1/b", text, { "Content-Type": "text/plain" }, leaving); // text/plain needs no preflight
      if ((status === 413 || status === 400) && events.length > 1) return { tooLarge: true }; // one may be to blame
      if (status === 413) return { codes: [status] };
      const verdicts = body?.results;
      if (!verdicts) return { again: retryAfter(header("Retry-After"), now()) };
      return { codes: events.map((_, at) => (verdicts[at] || verdicts[0]).code) }; // refused as a whole: one for all
    } catch {
      if (leaving && beacon) beacon(`${host}/v1/b`, text);
      return {};
    }
  };
}
