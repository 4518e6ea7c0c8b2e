"""The demo workspace of a first start: somebody to sign in as, keys to try, and a story to look at."""
