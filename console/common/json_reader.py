"""The one reader of JSON that comes from outside: what it gives can be kept in PostgreSQL and written as JSON again."""

from __future__ import annotations

import json
import re
from typing import Any

MAX_DEPTH = 50
MAX_DIGITS = 30
SURROGATE = re.compile("[\ud800-\udfff]")


class BadJSON(ValueError):
    """It is not JSON, or says what cannot be kept. The text says what is wrong."""


def read_json(text: str | bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """Half a surrogate pair becomes U+FFFD. Raises BadJSON for what else RFC 8259 or PostgreSQL has no place for."""
    try:
        found = json.loads(text, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole)
    except BadJSON:
        raise
    except UnicodeDecodeError as error:
        raise BadJSON("The text is not UTF-8.") from error
    except RecursionError as error:
        raise BadJSON(f"It is nested more than {max_depth} levels deep.") from error
    except json.JSONDecodeError as error:
        raise BadJSON(f"{error.msg} in line {error.lineno}, column {error.colno}.") from error
    return _clean(found, max_depth)


def without_surrogates(text: str) -> str:
    return SURROGATE.sub("\ufffd", text)


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        if "\0" in value:
            raise BadJSON("A text contains the NUL character; remove it.")
        return without_surrogates(value)
    if not isinstance(value, dict | list):
        return value
    if not depth:
        raise BadJSON("It is nested too deep.")
    if isinstance(value, list):
        return [_clean(inner, depth - 1) for inner in value]
    return {_clean(name, depth): _clean(inner, depth - 1) for name, inner in value.items()}


def _no_constant(name: str) -> Any:
    raise BadJSON(f"{name} is no number that JSON knows.")


def _finite(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise BadJSON(f"{text[:20]} is too large a number.")
    return value


def _whole(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise BadJSON(f"A number has {len(text)} digits; {MAX_DIGITS} are allowed. Write it as a text.")
    return int(text)
