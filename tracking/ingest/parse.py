"""Bytes -> calls. An item that cannot be read is refused alone, wherever the rest can be."""

from __future__ import annotations

import json
import zlib
from typing import Any

import msgspec

from tracking.ingest.refusals import Code, Refusal, Refused
from tracking.ingest.values import Call, Parcel, Post

MAX_REQUEST = 500 * 1024
MAX_ITEM = 32 * 1024
MAX_ITEMS = 500
MAX_DEPTH = 50
BATCH = frozenset({"batch", "b"})
DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
MANY_DIGITS = b"0" * 19


class Batch(msgspec.Struct, rename="camel"):
    batch: list[msgspec.Raw]
    write_key: Any = None
    sent_at: Any = None


_read_call = msgspec.json.Decoder(Call).decode
_read_batch = msgspec.json.Decoder(Batch).decode


def parse(post: Post) -> Parcel:
    """Raises Refused for a request that cannot be read at all."""
    body = inflate(post.body, post.encoding)
    if post.kind in BATCH:
        return _batch(body)
    call = _call(body)
    if isinstance(call, Refusal):
        return Parcel([(call, body)], _key_in(body))
    return Parcel([(call, body)], _text(call.write_key), call.sent_at)


def inflate(body: bytes, encoding: str) -> bytes:
    """The plain body. A gzip bomb is not blown up further than a request may have."""
    if len(body) > MAX_REQUEST:
        raise Refused(Code.TOO_LARGE)
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise Refused(Code.BAD_ENCODING, f"Content-Encoding {encoding[:40]!r} is not understood; gzip is.")
    machine = zlib.decompressobj(31)
    try:
        plain = machine.decompress(body, MAX_REQUEST + 1)
    except zlib.error as error:
        raise Refused(Code.BAD_ENCODING, "The body is not gzip, though Content-Encoding says so.") from error
    if len(plain) > MAX_REQUEST:
        raise Refused(Code.TOO_LARGE)
    if not machine.eof:
        raise Refused(Code.BAD_ENCODING, "The gzipped body ends too early; send it again.")
    return plain


def _batch(body: bytes) -> Parcel:
    try:
        batch = _read_batch(body)
    except msgspec.ValidationError as error:
        raise Refused(_code(error), _explain(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        batch = _rescue(body)
    if len(batch.batch) > MAX_ITEMS:
        raise Refused(Code.TOO_MANY_ITEMS, f"The batch has {len(batch.batch)} items; 500 are allowed. Send two.")
    calls = [(_call(raw), raw) for raw in map(bytes, batch.batch)]
    return Parcel(calls, _text(batch.write_key), batch.sent_at)


def _rescue(body: bytes) -> Batch:
    """A batch with an item that only the lenient parser can read, taken apart so that the others are kept."""
    try:
        found = json.loads(body)
        if not isinstance(found, dict) or not isinstance(found.get("batch"), list):
            raise Refused(Code.BAD_JSON)
        raws = [msgspec.Raw(json.dumps(item).encode()) for item in found["batch"]]
    except (ValueError, RecursionError) as error:
        raise Refused(Code.BAD_JSON) from error
    return Batch(raws, found.get("writeKey"), found.get("sentAt"))


def _call(raw: bytes) -> Call | Refusal:
    if len(raw) > MAX_ITEM:
        return Refusal(Code.ITEM_TOO_LARGE, f"The item has {len(raw)} bytes; {MAX_ITEM} are allowed.", raw)
    try:
        call = _read_call(raw)
        if (
            b"u0000" in raw
            or raw.count(b"[") + raw.count(b"{") > MAX_DEPTH
            or MANY_DIGITS in raw.translate(DIGITS_ALIKE)
        ):
            _look_closely(call)
    except Refused as refused:
        return Refusal(refused.code, refused.detail, raw)
    except msgspec.ValidationError as error:
        return Refusal(_code(error), _explain(error), raw)
    except RecursionError:
        return Refusal(Code.TOO_DEEP, f"The item is nested more than {MAX_DEPTH} levels deep.", raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Refusal(Code.BAD_JSON, f"The item is not JSON in UTF-8 (half a surrogate pair?). {_explain(error)}", raw)
    return call


def _look_closely(call: Call) -> None:
    """What JSON can say and the log cannot keep."""
    todo: list[tuple[Any, str, int]] = [(getattr(call, f), name, 0) for f, name in _WIRE_NAMES]
    while todo:
        value, where, depth = todo.pop()
        if depth > MAX_DEPTH:
            raise Refused(Code.TOO_DEEP, f"{where} is nested more than {MAX_DEPTH} levels deep.")
        if isinstance(value, str) and "\0" in value:
            raise Refused(Code.BAD_TEXT, f"{where} contains the NUL character; remove it.")
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise Refused(Code.BAD_NUMBER, f"{where} contains a whole number of more than 64 bits; send it as a text.")
        if isinstance(value, dict):
            todo += [(inner, where, depth + 1) for inner in value.values()]
            todo += [(key, where, depth + 1) for key in value]
        elif isinstance(value, list):
            todo += [(inner, where, depth + 1) for inner in value]


_WIRE_NAMES = tuple(zip(Call.__struct_fields__, Call.__struct_encode_fields__, strict=True))


def _code(error: msgspec.ValidationError) -> Code:
    text = str(error)
    if text.startswith("Object missing required field"):
        return Code.MISSING_FIELD
    if "out of range" in text:
        return Code.BAD_NUMBER
    return Code.WRONG_TYPE if " - at `$" in text else Code.BAD_JSON


def _explain(error: Exception) -> str:
    """msgspec's words, with the field named as the client wrote it."""
    if isinstance(error, UnicodeDecodeError):
        return "The text is not UTF-8."
    what, _, where = str(error).partition(" - at `$")
    where = where.rstrip("`").lstrip(".")
    return f"{where}: {what}." if where else f"{what}."


def _key_in(body: bytes) -> str | None:
    """The key of a refused item, so that its workspace can be told of it."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return _text(found.get("writeKey")) if isinstance(found, dict) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
