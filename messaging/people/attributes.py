"""Attribute values as people write and read them: a kind and a text for every JSON value."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from console.common.json_reader import BadJSON, read_json
from messaging.common import scalars

LONGEST_NAME, LONGEST_VALUE, MOST = 150, 10_000, 200
LARGEST = 100_000
"""Characters of all of a person's attributes, as JSON."""
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")
YES, NO = {"yes", "true"}, {"no", "false"}


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    DATE = "date"
    JSON = "json"


LABELS = {
    Kind.TEXT: "Text",
    Kind.NUMBER: "Number",
    Kind.YES_NO: "Yes or no",
    Kind.DATE: "Date",
    Kind.JSON: "JSON",
}


def kind_of(value: Any) -> Kind:
    if isinstance(value, bool):
        return Kind.YES_NO
    if isinstance(value, int | float):
        return Kind.NUMBER
    if isinstance(value, str):
        return Kind.DATE if _is_date(value) else Kind.TEXT
    return Kind.JSON


def shown(value: Any) -> str:
    """The text that `read` makes this value of again."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read(kind: str, text: str) -> Any:
    """ValueError says what is wrong with the text and what to write."""
    if len(text) > LONGEST_VALUE:
        raise ValueError(f"At most {LONGEST_VALUE:,} characters.")
    if "\x00" in text:
        raise ValueError("It holds a NUL character: take that out.")
    plain = text.strip()
    if kind == Kind.TEXT:
        return text
    if kind == Kind.NUMBER:
        if not NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
            raise ValueError("Write a number such as 42 or -3.5.")
        return int(plain) if plain.lstrip("-").isdecimal() else float(plain)
    if kind == Kind.YES_NO:
        if plain.lower() not in YES | NO:
            raise ValueError("Write yes or no.")
        return plain.lower() in YES
    if kind == Kind.DATE:
        if not _is_date(plain):
            raise ValueError("Write a date as 2026-04-30, or with a time as 2026-04-30T17:00Z.")
        return plain
    if kind == Kind.JSON:
        return _json(plain)
    raise ValueError("Choose what kind of value it is.")


def name(text: str) -> str:
    """The name of an attribute; ValueError says what is wrong with it."""
    if not (plain := text.strip()):
        raise ValueError("Give the attribute a name.")
    if len(plain) > LONGEST_NAME:
        raise ValueError(f"A name has at most {LONGEST_NAME} characters.")
    if "\x00" in plain:
        raise ValueError("The name holds a NUL character: take that out.")
    return plain


def outgrown(before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """Which limit a change of one person's attributes exceeds, as a sentence.

    What somebody has from former times may stay, however much it is, and keeps nothing else from being changed.
    """
    for one, value in after.items():
        if one in before and before[one] == value:
            continue
        if len(one) > LONGEST_NAME:
            return f"The name {one[:40]!r}… has {len(one)} characters; at most {LONGEST_NAME} are kept."
        if (length := _size(value)) > LONGEST_VALUE + 2:
            return f"{one}: the value has {length:,} characters; at most {LONGEST_VALUE:,} are kept."
    if len(after) > max(MOST, len(before)):
        return f"A person has at most {MOST} attributes; these would be {len(after)}."
    if (size := _size(after)) > LARGEST and size > _size(before):
        return f"All attributes of a person have at most {LARGEST:,} characters; these would have {size:,}."
    return None


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))


class KindGuess:
    """The kind that all of a column's texts are; text when in doubt. Numbers that would come back written otherwise
    (codes such as 007, 1E5 or 1.10, very many digits) are text."""

    def __init__(self) -> None:
        self._possible = [Kind.NUMBER, Kind.YES_NO, Kind.DATE]
        self._any = False

    def add(self, text: str) -> None:
        self._any = True
        if self._possible:
            self._possible = [kind for kind in self._possible if IS_OF_KIND[kind](text)]

    @property
    def kind(self) -> Kind:
        return self._possible[0] if self._any and self._possible else Kind.TEXT


def _is_plain_number(text: str) -> bool:
    if len(text) > 15 or not NUMBER.fullmatch(text):
        return False
    return text != "-0" if text.lstrip("-").isdecimal() else repr(float(text)) == text


def _is_yes_or_no(text: str) -> bool:
    return text.lower() in YES | NO


def _is_date(text: str) -> bool:
    if not scalars.INSTANT.fullmatch(text):
        return False
    try:
        return scalars.instant(text) is not None
    except ValueError:
        return False


IS_OF_KIND = {Kind.NUMBER: _is_plain_number, Kind.YES_NO: _is_yes_or_no, Kind.DATE: _is_date}


def _json(text: str) -> Any:
    try:
        value = read_json(text)
    except BadJSON as error:
        raise ValueError(f'Write JSON such as ["a", "b"] or {{"city": "Oslo"}}. {error}') from None
    if value is None:
        raise ValueError("null means no value: remove the attribute.")
    return value
