"""Bytes -> calls. An item that cannot be read is refused alone, wherever the rest can be."""

from __future__ import annotations

import json
import zlib
from typing import Any

import msgspec

from console.common.json_reader import without_surrogates
from tracking.ingest.parse_errors import code_of, explain
from tracking.ingest.payload import MAX_DEPTH, walk
from tracking.ingest.rejection_codes import Rejected, RejectedItem, RejectionCode
from tracking.ingest.values import Call, IngestRequest, ParsedRequest

MAX_REQUEST = 500 * 1024
MAX_ITEM = 32 * 1024
MAX_ITEMS = 500


class Batch(msgspec.Struct, rename="camel"):
    batch: list[msgspec.Raw]
    write_key: Any = None
    sent_at: Any = None


_read_call = msgspec.json.Decoder(Call).decode
_read_batch = msgspec.json.Decoder(Batch).decode


def parse(request: IngestRequest) -> ParsedRequest:
    """Raises Rejected for a request that cannot be read at all."""
    body = inflate(request.body, request.encoding)
    if request.kind is None:
        return _batch(body)
    call = _call(body)
    if isinstance(call, RejectedItem):
        return ParsedRequest([(call, body)], _key_in(body))
    return ParsedRequest([(call, body)], _text(call.write_key), call.sent_at)


def inflate(body: bytes, encoding: str) -> bytes:
    """The plain body. A gzip bomb is not blown up further than a request may have."""
    if len(body) > MAX_REQUEST:
        raise Rejected(RejectionCode.TOO_LARGE)
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise Rejected(RejectionCode.BAD_ENCODING, f"Content-Encoding {encoding[:40]!r} is not understood; gzip is.")
    machine = zlib.decompressobj(31)
    try:
        plain = machine.decompress(body, MAX_REQUEST + 1)
    except zlib.error as error:
        raise Rejected(RejectionCode.BAD_ENCODING, "The body is not gzip, though Content-Encoding says so.") from error
    if len(plain) > MAX_REQUEST:
        raise Rejected(RejectionCode.TOO_LARGE)
    if not machine.eof:
        raise Rejected(RejectionCode.BAD_ENCODING, "The gzipped body ends too early; send it again.")
    return plain


def _batch(body: bytes) -> ParsedRequest:
    try:
        batch = _read_batch(body)
    except msgspec.ValidationError as error:
        raise Rejected(code_of(error), explain(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        batch = _rescue(body)
    if len(batch.batch) > MAX_ITEMS:
        raise Rejected(
            RejectionCode.TOO_MANY_ITEMS, f"The batch has {len(batch.batch)} items; 500 are allowed. Send two."
        )
    calls = [(_call(raw), raw) for raw in map(bytes, batch.batch)]
    return ParsedRequest(calls, _text(batch.write_key), batch.sent_at)


def _rescue(body: bytes) -> Batch:
    """A batch with an item that only the lenient parser can read, taken apart so that the others are kept."""
    try:
        found = json.loads(body)
        if not isinstance(found, dict) or not isinstance(found.get("batch"), list):
            raise Rejected(RejectionCode.BAD_JSON)
        raws = [msgspec.Raw(json.dumps(item).encode()) for item in found["batch"]]
    except (ValueError, RecursionError) as error:
        raise Rejected(RejectionCode.BAD_JSON) from error
    return Batch(raws, found.get("writeKey"), found.get("sentAt"))


def _call(raw: bytes) -> Call | RejectedItem:
    if len(raw) > MAX_ITEM:
        return RejectedItem(
            RejectionCode.ITEM_TOO_LARGE, f"The item has {len(raw)} bytes; {MAX_ITEM} are allowed.", raw
        )
    try:
        call = _read_call(raw)
        if b"\\" in raw and b"u0000" in raw:
            _no_nul(call)
    except Rejected as refused:
        return RejectedItem(refused.code, refused.detail, raw)
    except msgspec.ValidationError as error:
        return RejectedItem(code_of(error), explain(error), raw)
    except RecursionError:
        return RejectedItem(RejectionCode.TOO_DEEP, f"The item is nested more than {MAX_DEPTH} levels deep.", raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        mended = _without_surrogates(raw)
        if mended is None:
            return RejectedItem(RejectionCode.BAD_JSON, f"The item is not JSON in UTF-8. {explain(error)}", raw)
        return _call(mended)
    return call


def _without_surrogates(raw: bytes) -> bytes | None:
    """The item with U+FFFD for each half of a surrogate pair, where it has any and is JSON otherwise."""
    try:
        text = json.dumps(json.loads(raw), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    mended = without_surrogates(text)
    return mended.encode() if mended != text else None


def _no_nul(call: Call) -> None:
    """PostgreSQL keeps every character but this one."""
    for field, name in _WIRE_NAMES:
        if any(isinstance(value, str) and "\0" in value for value, _ in walk(getattr(call, field))):
            raise Rejected(RejectionCode.BAD_TEXT, f"{name} contains the NUL character; remove it.")


_WIRE_NAMES = tuple(zip(Call.__struct_fields__, Call.__struct_encode_fields__, strict=True))


def _key_in(body: bytes) -> str | None:
    """The key of a refused item, so that its workspace can be told of it."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return _text(found.get("writeKey")) if isinstance(found, dict) else None


def _text(value: Any) -> str | None:
    return without_surrogates(value) if isinstance(value, str) and value else None
