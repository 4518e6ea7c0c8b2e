// One request to the ingest line, and what its answer means.
import { retryAfter } from "./backoff.js";
import { within } from "./util.js";

const TIMEOUT = 10000;

/** A POST without cookies that gives up in time; `leaving` lets it outlive the page. */
export const createPost =
  ({ host, fetch, timeout = TIMEOUT }) =>
  (path, body, headers, leaving) =>
    within(fetch(host + path, { method: "POST", body, headers, keepalive: leaving, credentials: "omit" }), timeout);

export function createSend({ host, writeKey, post, beacon, now }) {
  /** Answers {kept}, {refused: status}, {tooLarge} or {again: milliseconds to wait at least}. */
  return async function send(events, leaving) {
    const sentAt = new Date(now()).toISOString();
    const body = JSON.stringify({ batch: events.map((event) => ({ ...event, sentAt })), writeKey, sentAt });
    let response;
    try {
      response = await post("/v1/b", body, { "Content-Type": "text/plain" }, leaving); // text/plain needs no preflight
    } catch {
      if (leaving && beacon) beacon(`${host}/v1/b`, body);
      return { again: 0 };
    }
    const { ok, status, headers } = response;
    if (ok) return { kept: true };
    if (status === 413) return { tooLarge: true };
    const retry = status >= 500 || status === 429 || status === 408;
    return retry ? { again: retryAfter(headers.get("Retry-After"), now()) } : { refused: status };
  };
}
