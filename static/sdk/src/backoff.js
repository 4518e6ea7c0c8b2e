const FIRST = 1000;
const LONGEST = 300000;

/** Seconds or a date, as `Retry-After` may say; in milliseconds, 0 when it says nothing. */
export function retryAfter(header, now) {
  const wait = isNaN(header) ? Date.parse(header) - now : header * 1000;
  return wait > 0 ? Math.min(wait, 3600000) : 0;
}

/** Milliseconds before try `attempt` (0 is the first repeat): doubling, half of it by chance, never before `after`. */
export function delayOf(attempt, after = 0, random = Math.random) {
  const whole = Math.min(FIRST * 2 ** attempt, LONGEST);
  return Math.max(whole / 2 + (random() * whole) / 2, after + random() * 500);
}
