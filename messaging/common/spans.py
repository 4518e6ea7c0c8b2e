"""Where a template has Liquid and where text, found without going back: a regular expression for it would."""

from __future__ import annotations

import re

OPENS = re.compile(r"\{([{%])")
CLOSES = {"{": "}}", "%": "%}"}


def parts(source: str) -> list[str]:
    """Text and Liquid (`{{ ... }}`, `{% ... %}`) by turns, text first. What is opened and never closed is text."""
    found, text, at = [], 0, 0
    unclosed: set[str] = set()
    while (opening := OPENS.search(source, at)) is not None:
        kind, at = opening[1], opening.start() + 2
        end = -1 if kind in unclosed else source.find(CLOSES[kind], at)
        if end < 0:
            unclosed.add(kind)  # nor is any after it
            if len(unclosed) == len(CLOSES):
                break
            at -= 1
            continue
        at = end + 2
        found += [source[text : opening.start()], source[opening.start() : at]]
        text = at
    return [*found, source[text:]]
