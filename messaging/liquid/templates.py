"""Templates, compiled and rendered. Runs in the rendering process."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate
from liquid.exceptions import LiquidError

from messaging.common import spans
from messaging.errors import BadTemplate
from messaging.liquid.bounds import budget, check_delimiters
from messaging.liquid.environment import HTML, PLAIN

LONGEST = 20_000  # characters of a template
LONGEST_KEPT = 1_000  # characters of a template that is worth keeping compiled
SHORT = re.compile(r"\$properties\.([A-Za-z_]\w*)")
FAULTS = (LiquidError, RecursionError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError)


def fill_all(
    sources: Sequence[tuple[str, bool]], data: Mapping[str, Any], properties: Mapping[str, Any], *, lenient: bool
) -> list[str]:
    """All within one budget; properties first, over the other data."""

    def fill(source: str, html: bool, data: Mapping[str, Any]) -> str:
        try:
            return str(_compiled(source, html).render(**data))
        except BadTemplate:
            if not lenient:
                raise
        except FAULTS as error:
            if not lenient:
                raise BadTemplate(_plain_words(error)) from error
        return source

    with budget():
        known = {name: fill(value, False, data) if _dynamic(value) else value for name, value in properties.items()}
        return [fill(source, html, {"properties": known} | dict(data)) for source, html in sources]


def paths_of(sources: Sequence[str]) -> list[list[tuple[str, ...]] | str]:
    """Of each, the variables that it reads from its data in the order of their first use; or what is wrong with it."""
    return [_paths(source) for source in sources]


def _paths(source: str) -> list[tuple[str, ...]] | str:
    try:
        analysis = _compiled(source, False).analyze()
    except BadTemplate as error:
        return str(error)
    except FAULTS as error:
        return _plain_words(error)
    found = [(variable.span.index, variable.segments) for group in analysis.globals.values() for variable in group]
    return list(dict.fromkeys(tuple(str(s) for s in segments) for _, segments in sorted(found, key=lambda f: f[0])))


def forget() -> None:
    _kept.cache_clear()


def _compiled(source: str, html: bool) -> BoundTemplate:
    return _kept(source, html) if len(source) <= LONGEST_KEPT else _compile(source, html)


@lru_cache(maxsize=256)
def _kept(source: str, html: bool) -> BoundTemplate:
    return _compile(source, html)


def _compile(source: str, html: bool) -> BoundTemplate:
    if len(source) > LONGEST:
        raise BadTemplate(f"The text is longer than {LONGEST:,} characters; shorten it.")
    check_delimiters(source)
    return (HTML if html else PLAIN).from_string(_long(source))


def _long(source: str) -> str:
    """`$properties.x` means `{{ properties.x }}`, and within Liquid `properties.x`."""
    parts = spans.parts(source)
    parts[::2] = [SHORT.sub(r"{{ properties.\1 }}", text) for text in parts[::2]]
    parts[1::2] = [SHORT.sub(r"properties.\1", code) for code in parts[1::2]]
    return "".join(parts)


def _dynamic(value: Any) -> bool:
    return isinstance(value, str) and ("{" in value or "$" in value)


def _plain_words(error: Exception) -> str:
    """The first line of what Liquid says, without its drawing of the place."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return f"The Liquid cannot be read: {first}."
