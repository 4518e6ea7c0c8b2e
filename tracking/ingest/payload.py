"""What a call carries (properties, traits) -> the JSON of it that the log keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from tracking.ingest.rejection_codes import Rejected, RejectionCode

MAX_DEPTH = 50
DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
MANY_DIGITS = b"0" * 19

_encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode


def payload(field: str, content: dict[str, Any] | None) -> msgspec.Raw | None:
    """Raises Rejected, naming the field, where JSON can say what the log should not keep."""
    if not content:
        return None
    text = _encode(content)
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH or MANY_DIGITS in text.translate(DIGITS_ALIKE):
        for value, depth in walk(content):
            if depth > MAX_DEPTH:
                raise Rejected(RejectionCode.TOO_DEEP, f"{field} is nested more than {MAX_DEPTH} levels deep.")
            if isinstance(value, int) and not -(2**63) <= value < 2**63:
                raise Rejected(
                    RejectionCode.BAD_NUMBER,
                    f"{field} contains a whole number of more than 64 bits; send it as a text.",
                )
    return msgspec.Raw(text)


def walk(value: Any) -> Iterator[tuple[Any, int]]:
    """Every value in it, and the names of its fields, each with its depth."""
    todo = [(value, 0)]
    while todo:
        value, depth = todo.pop()
        yield value, depth
        if isinstance(value, dict):
            todo += [(name, depth + 1) for name in value]
            todo += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list):
            todo += [(inner, depth + 1) for inner in value]
