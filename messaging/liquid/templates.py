"""Template text and data -> text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate
from liquid.exceptions import LiquidError

from messaging.errors import BadTemplate
from messaging.liquid.bounds import budget
from messaging.liquid.environment import HTML, PLAIN

LONGEST = 20_000  # characters of a template
LIQUID = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
SHORT = re.compile(r"\$properties\.([A-Za-z_]\w*)")


def fill(source: str, data: Mapping[str, Any], *, html: bool = False) -> str:
    """The template with its variables filled in. Raises BadTemplate for what cannot be read or is out of bounds."""
    if "{" not in source and "$" not in source:
        return source
    try:
        with budget():
            return str(_compiled(source, html).render(**data))
    except BadTemplate:
        raise
    except (LiquidError, RecursionError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise BadTemplate(_plain_words(error)) from error


def paths(source: str) -> list[tuple[str, ...]]:
    """Every variable that the template reads from its data, as a path, in the order of its first use."""
    if "{" not in source and "$" not in source:
        return []
    try:
        analysis = _compiled(source, False).analyze()
    except (LiquidError, RecursionError) as error:
        raise BadTemplate(_plain_words(error)) from error
    found = [(variable.span.index, variable.segments) for group in analysis.globals.values() for variable in group]
    return list(dict.fromkeys(tuple(str(s) for s in segments) for _, segments in sorted(found, key=lambda f: f[0])))


@lru_cache(maxsize=4096)
def _compiled(source: str, html: bool) -> BoundTemplate:
    if len(source) > LONGEST:
        raise BadTemplate(f"The text is longer than {LONGEST} characters; shorten it.")
    try:
        return (HTML if html else PLAIN).from_string(_long(source))
    except (LiquidError, RecursionError) as error:
        raise BadTemplate(_plain_words(error)) from error


def _long(source: str) -> str:
    """`$properties.x` means `{{ properties.x }}`, and within Liquid `properties.x`."""
    parts = LIQUID.split(source)
    parts[::2] = [SHORT.sub(r"{{ properties.\1 }}", text) for text in parts[::2]]
    parts[1::2] = [SHORT.sub(r"properties.\1", code) for code in parts[1::2]]
    return "".join(parts)


def _plain_words(error: Exception) -> str:
    """The first line of what Liquid says, without its drawing of the place."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return f"The Liquid cannot be read: {first}."
