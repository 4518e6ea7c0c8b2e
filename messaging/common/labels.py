"""Labels and action names: two that look alike are one."""

from __future__ import annotations

import re
import unicodedata

# Soft hyphen, Arabic letter mark, Mongolian vowel separator, zero-width space, direction marks, word joiner, byte order
# mark; and joiners, unless they join two letters or emoji that need them. The SDK hears names alike
# (static/sdk/src/listeners.js); tests/labels.json is for both.
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\ufeff]")
JOINERS = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")


def one_line(text: str) -> str:
    """On one line, without what nobody sees, letters and their accents put together (NFC)."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", JOINERS.sub("", INVISIBLE.sub("", text)))
    return " ".join(text.split())


def has_invisible(text: str) -> bool:
    return JOINERS.sub("", INVISIBLE.sub("", text)) != text
