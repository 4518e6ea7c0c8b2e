"""Values that forms do not expect, made from a seed: text, numbers, dates, JSON, files, encodings and headers."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

TEXTS = [
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\ufeff", "\u202etxt", "\u200b", "e\u0301" * 400, "\U0010ffff",
    "x" * 151, "x" * 201, "x" * 255, "x" * 256, "x" * 10_001, "x" * 200_000, "\r\nSet-Cookie: a=b",
    "<script>alert(1)</script>", "{{" * 3000, "{% for i in (1..1000000000) %}{% endfor %}", "{% if %}",
    "$properties.", "$properties." + "a" * 500, "=1+1", "\n=1", "'; DROP TABLE x; --", "%", "%00", "%s%s%n", "_",
    "\\", "\\u0000", "*" * 3000, "(" * 3000, "../../../../etc/passwd", "null", "undefined", "true", "False", "٧٠٠١",
    "７００１", "Ⅷ", "مرحبا", "👩‍👩‍👧‍👦",
]  # fmt: skip
NUMBERS = [
    "0", "-0", "-1", "1.5", "1e3", "1e400", "-1e400", "NaN", "Infinity", "0x1b59", "7_001", " 7001 ", "+7001",
    "9" * 5000, "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
    "18446744073709551616",
]  # fmt: skip
DATES = [
    "0000-00-00", "0001-01-01T00:00", "9999-12-31T23:59", "10000-01-01T00:00", "2026-02-30", "2026-02-30T10:00",
    "2026-13-01T10:00", "2026-01-01T24:00", "2026-01-01T23:59:60", "-0001-01-01T00:00", "2026-01-01T00:00+99:99",
    "25:61", "2026-03-29T02:30", "2026-W53-7", "99999999999999", "1970-01-01T00:00Z", "0001-01-01", "9999-12-31",
]  # fmt: skip
ADDRESSES = [
    "http://", "http:", "//", "javascript:alert(1)", "http://xn--localhost-/", "http://xn--/", "http://[::1",
    "http://[v1.x]/", "http://a:99999/", "http://a:-1/", "http://a:b/", "http://user:pass@127.0.0.1/",
    "http://0x7f.1/", "http://\u2488.com/", "https://" + "a" * 300 + ".example/",
    "https://example.org/" + "a" * 5000, "ftp://example.org/", "a@b", "a@" + "b" * 300, "\u212a@example.org",
    "a@xn--0.example", '"a b"@example.org', "a@[127.0.0.1]", "a@b@c.example",
]  # fmt: skip
LEAVES: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e308, 10**30, "", "\0", "x", "x" * 10_001, "\ud800", "2026-02-30", [], {}, [[]],
    [None], {"": ""}, {"all": None}, {"a": {"a": {"a": {}}}}, ["x"] * 2000, {str(n): n for n in range(500)},
]  # fmt: skip
RAW_JSON = [
    "", "nul", "null", "[]", "{}", "0", '"x"', "1e400", "[1e400]", "NaN", "[Infinity]", '"\\ud800"', '"\\u0000"',
    "[" * 990 + "]" * 990, "[" * 100_000, '{"a":' * 990 + "1" + "}" * 990, '{"all": null}', '{"all": [null]}',
    '{"all": [[]]}', '{"any": [{}]}', '{"all": [{"attribute": null, "op": [], "value": {}}]}', '{"a": 1, "a": 2}',
    "9" * 5000, '{"steps": null}', "\ufeff{}",
]  # fmt: skip
FILES = [
    b"", b"\0", b"\xff\xfe\x00\x00", b"\xef\xbb\xbfid\n1\n", "id\nm\u00fcller\n".encode("utf-16"), b"id,id\n1,2\n",
    b'id\n"', b"id\r1\r2\r", b"id\n" + b"x" * 300_000, b"\n" * 50_000,
    b",".join([b"a"] * 5_000) + b"\n" + b",".join([b"1"] * 5_000), b"PK\x03\x04" + bytes(200), b'id,"a\0b"\n1,2\n',
    b"sep=;\nid;email\n1;a@b.example\n", "id\n\U0001f600\ud7ff\n".encode("utf-8", "surrogatepass"),
    b"id\n\xed\xa0\x80\n",
]  # fmt: skip
CONTENT_TYPES = [
    "application/x-www-form-urlencoded; charset=hex", "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "application/json",
    "application/json; charset=idna", "text/plain", "application/octet-stream", "", ";",
    "multipart/form-data; boundary=" + "x" * 300, "application/x-www-form-urlencoded; charset=\u00e9",
]  # fmt: skip
HEADERS: list[dict[str, str]] = [
    {}, {"HX-Request": "true"}, {"HX-Request": "true", "HX-Boosted": "true"},
    {"HX-Request": "true", "HX-Target": "<x>"}, {"HX-Request": "true", "HX-Current-URL": "http://[::1"},
    {"HX-Request": "true", "HX-Current-URL": "\u00ff" * 3000}, {"Accept-Language": "x" * 5000},
    {"Accept-Language": "*;q=1e400"}, {"Accept": "a/b;q=x"}, {"Referer": "http://[::1"},
    {"If-Modified-Since": "Feb"}, {"If-None-Match": '"'}, {"X-Forwarded-For": "1.2.3.4, ]"}, {"Range": "bytes=9-1"},
    {"HX-Prompt": "\u00ff"}, {"Accept-Encoding": ";;q=,"},
]  # fmt: skip


def text(pick: random.Random) -> str:
    """Any value that a text field may be sent."""
    kind = pick.choice([TEXTS, TEXTS, NUMBERS, DATES, ADDRESSES, RAW_JSON])
    return pick.choice(kind)


def json_text(pick: random.Random, valid: Any) -> str:
    """The valid value with up to three of its parts replaced, removed or doubled, as JSON; sometimes no JSON at all."""
    if pick.random() < 0.2:
        return pick.choice(RAW_JSON)
    value = json.loads(json.dumps(valid))
    for _ in range(pick.randint(1, 3)):
        value = changed(pick, value)
    return json.dumps(value)


def changed(pick: random.Random, value: Any) -> Any:
    """The value with one part of it changed, wherever in it that is."""
    if isinstance(value, dict) and value:
        key = pick.choice(list(value))
        return change_at(pick, value, key, {k: v for k, v in value.items() if k != key} | {pick.choice(TEXTS[:12]): 1})
    if isinstance(value, list) and value:
        index = pick.randrange(len(value))
        return change_at(pick, value, index, value * pick.choice([0, 2, 200]))
    return leaf(pick)


def change_at(pick: random.Random, value: Any, key: Any, otherwise: Any) -> Any:
    """Goes on into the part under the key, replaces it, or gives the other form of the whole."""
    chance = pick.random()
    if chance < 0.15:
        return otherwise
    value[key] = leaf(pick) if chance < 0.45 else changed(pick, value[key])
    return value


def leaf(pick: random.Random) -> Any:
    """One of the leaves, which the caller may change."""
    return copy.deepcopy(pick.choice(LEAVES))
