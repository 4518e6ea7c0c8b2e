// Where a tap may lead. An author's URL never runs as script.
const PLAIN = /^(https?|mailto|tel):$/;
const NEVER = /^(javascript|data|vbscript|blob|file|filesystem|about|view-source):$/;

/** The URL to go to, or "" when it is none that may be gone to. `apps` allows an app's own scheme. */
export function safeUrl(value, base, apps = false) {
  try {
    const url = new URL(value, base);
    const allowed = PLAIN.test(url.protocol) || (apps && !NEVER.test(url.protocol));
    return value && allowed ? url.href : "";
  } catch {
    return "";
  }
}
