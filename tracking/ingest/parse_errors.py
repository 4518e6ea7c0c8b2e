"""What msgspec says of JSON that is not as it should be: as a code, and with the field as the client wrote it."""

from __future__ import annotations

import msgspec

from tracking.ingest.refusals import Code


def code_of(error: msgspec.ValidationError) -> Code:
    text = str(error)
    if text.startswith("Object missing required field"):
        return Code.MISSING_FIELD
    if "out of range" in text:
        return Code.BAD_NUMBER
    if "of length <=" in text:
        return Code.TOO_LONG
    return Code.WRONG_TYPE if " - at `$" in text else Code.BAD_JSON


def explain(error: Exception, within: str = "") -> str:
    """`within` is the field that was read, where it was not the whole."""
    if isinstance(error, UnicodeDecodeError):
        return "The text is not UTF-8."
    what, _, where = str(error).partition(" - at `$")
    field = ".".join(filter(None, (within, where.rstrip("`").lstrip("."))))
    return f"{field}: {what}." if field else f"{what}."
