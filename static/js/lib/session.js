// The session may end while a page is open, and a new one in another tab brings a new token.

/** The token that Django wants with every request that writes. */
export function csrfToken(fallback = "") {
  const [, token] = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie) ?? [];
  return token ?? fallback;
}
