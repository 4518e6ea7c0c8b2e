"""What msgspec says of JSON that is not as it should be: as a code, and with the field as the client wrote it."""

from __future__ import annotations

import msgspec

from tracking.ingest.rejection_codes import RejectionCode


def code_of(error: msgspec.ValidationError) -> RejectionCode:
    text = str(error)
    if text.startswith("Object missing required field"):
        return RejectionCode.MISSING_FIELD
    if "out of range" in text:
        return RejectionCode.BAD_NUMBER
    if "of length <=" in text:
        return RejectionCode.TOO_LONG
    return RejectionCode.WRONG_TYPE if " - at `$" in text else RejectionCode.BAD_JSON


def explain(error: Exception, within: str = "") -> str:
    """`within` is the field that was read, where it was not the whole."""
    if isinstance(error, UnicodeDecodeError):
        return "The text is not UTF-8."
    what, _, where = str(error).partition(" - at `$")
    field = ".".join(filter(None, (within, where.rstrip("`").lstrip("."))))
    return f"{field}: {what}." if field else f"{what}."
