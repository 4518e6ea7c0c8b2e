"""Ids of people (and of anonymous browsers, and groups): written in one way, and never a placeholder."""

from __future__ import annotations

MAX_ID = 150
INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + INVISIBLE
WORDS = "undefined null none nil nan true false 0 anonymous guest unknown not_authenticated distinct_id n/a"
PLACEHOLDERS = frozenset(WORDS.split()) | {"[object object]", "(null)", "<null>", "(none)"}
LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))


class BadId(ValueError):
    """It is no id of anybody. The text says what to do."""


def normal_id(text: str) -> str:
    """The id without blanks at its ends. Raises BadId for a blank one, a placeholder, or more than MAX_ID characters.

    A placeholder is what apps send by mistake for everybody who is not signed in; it would make one person of them.
    """
    found = text.strip()
    if found and (found[0] in INVISIBLE or found[-1] in INVISIBLE):
        found = found.strip(BLANKS)
    if LONGEST_PLACEHOLDER < len(found) <= MAX_ID:
        return found
    if not found:
        raise BadId("The id is blank: send the person's own id, or leave the field out.")
    if found.lower() in PLACEHOLDERS:
        raise BadId(f"{found!r} stands for nobody: send the person's own id, or leave the field out.")
    if len(found) > MAX_ID:
        raise BadId(f"The id has {len(found)} characters; {MAX_ID} are allowed.")
    return found
