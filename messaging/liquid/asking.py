"""Template text and data -> text. Text without variables never leaves this process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from messaging.errors import BadTemplate
from messaging.liquid.pool import Pool, pool, previews

Path = tuple[str, ...]


def fill(source: str, data: Mapping[str, Any], *, html: bool = False) -> str:
    """The template with its variables filled in. Raises BadTemplate for what cannot be read or is out of bounds."""
    return fill_all([(source, html)], data)[source, html]


def fill_all(
    sources: Iterable[tuple[str, bool]],
    data: Mapping[str, Any],
    *,
    properties: Mapping[str, Any] | None = None,
    lenient: bool = False,
) -> dict[tuple[str, bool], str]:
    """Each template (and whether it is HTML) with its variables filled in, all within one rendering's limits.

    Texts of `properties` are templates over the other data: they are filled in first. With `lenient`, a template that
    cannot be filled in stays as it is; otherwise BadTemplate is raised.
    """
    filled = {(source, html): source for source, html in sources}
    asked = [(source, html) for source, html in filled if _dynamic(source)]
    if not asked:
        return filled
    job = {"fill": asked, "data": data, "properties": dict(properties or {}), "lenient": lenient}
    try:
        answer = (previews if lenient else pool).ask(job)
    except BadTemplate:  # all of it together did too much
        if lenient:
            return filled
        raise
    return filled | dict(zip(asked, answer["texts"], strict=True))


def paths(source: str) -> list[Path]:
    """Every variable that the template reads from its data, as a path, in the order of its first use."""
    return paths_of([source])[0]


def paths_of(sources: Iterable[str]) -> list[list[Path]]:
    """`paths` of each; raises the first BadTemplate."""
    found = []
    for one in _read(list(sources), pool):
        if isinstance(one, str):
            raise BadTemplate(one)
        found.append(list(one))
    return found


def faults(sources: Iterable[str]) -> dict[str, str]:
    """Of those that cannot be read, what is wrong. Raises BadTemplate when all of them together do too much."""
    asked = list(sources)
    return {source: one for source, one in zip(asked, _read(asked, previews), strict=True) if isinstance(one, str)}


_known: dict[str, tuple[Path, ...] | str] = {}
_refused: dict[tuple[str, ...], str] = {}
"""Templates that did too much together, and what was said of them: nobody tries that again."""
MOST_KNOWN, MOST_REFUSED = 4096, 100


def _read(sources: list[str], pool: Pool) -> list[tuple[Path, ...] | str]:
    """The paths of each, or what is wrong with it; asked for once, all within one job's limits."""
    known = {source: _known.get(source) if _dynamic(source) else () for source in sources}
    if missing := [source for source, found in known.items() if found is None]:
        if len(_known) > MOST_KNOWN:
            _known.clear()
        for source, found in zip(missing, _asked(missing, pool), strict=True):
            known[source] = _known[source] = found if isinstance(found, str) else tuple(map(tuple, found))
    return [found for source in sources if (found := known[source]) is not None]


def _asked(sources: list[str], pool: Pool) -> list[Any]:
    if (why := _refused.get(tuple(sources))) is not None:
        raise BadTemplate(why)
    try:
        return list(pool.ask({"paths": sources})["paths"])
    except BadTemplate as error:
        if len(_refused) > MOST_REFUSED:
            _refused.clear()
        _refused[tuple(sources)] = str(error)
        raise


def _dynamic(source: str) -> bool:
    return "{" in source or "$" in source
