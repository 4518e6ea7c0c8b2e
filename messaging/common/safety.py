"""What an author's HTML and addresses may be: one allow-list, for the server and (as `RULES`) for the browser.

The server sanitises a text when a draft is saved and again when it is rendered for a person; the editor and the
renderer page do so once more before they put it into a document.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable

import nh3

from messaging.common import spans

TAGS = {
    "p",
    "br",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "blockquote",
    "code",
    "span",
    "div",
    "small",
    "hr",
}
ATTRIBUTES = {"*": {"dir", "lang"}, "a": {"href", "title"}}
LINKS = {"http", "https", "mailto", "tel"}
IMAGES = {"http", "https"}
NEVER = {"javascript", "data", "vbscript", "file", "filesystem", "blob", "about", "view-source"}

RULES = {
    "tags": sorted(TAGS),
    "attributes": {tag: sorted(names) for tag, names in ATTRIBUTES.items()},
    "schemes": sorted(LINKS),
}
"""The same list as JSON, for pages that draw an author's HTML (static/renderer/markup.js)."""

LONGEST_HTML = 20_000  # characters: the parser needs a time that grows with the square of nested tags
SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]*):")
STRANGE = re.compile(r"[\x00-\x1f\x7f\\]")  # browsers drop or turn these, so `/\host` and `/\t/host` are other sites


def html(source: str) -> str:
    """Basic formatting and links with safe schemes; scripts, styles, handlers and frames are gone."""
    return nh3.clean(source[:LONGEST_HTML], tags=TAGS, attributes=ATTRIBUTES, url_schemes=LINKS)


def draft_html(source: str) -> str:
    """The same for a text whose Liquid is not filled in yet; the Liquid stays as it was written."""
    escaped = _in_liquid(entities.escape, source)
    safe = nh3.clean(escaped, tags=TAGS, attributes=ATTRIBUTES, url_schemes=LINKS, link_rel=None)
    return _in_liquid(entities.unescape, safe)


def _in_liquid(change: Callable[[str], str], source: str) -> str:
    parts = spans.parts(source)
    parts[1::2] = map(change, parts[1::2])
    return "".join(parts)


def words(source: str) -> str:
    """What is left of HTML to read, its markup gone."""
    return nh3.clean(source[:LONGEST_HTML], tags=set()).replace("&nbsp;", " ").strip()


def url(source: str) -> str:
    """A web, mail or telephone address, or a path of the site itself; anything else becomes ''."""
    return _address(source, LINKS)


def image(source: str) -> str:
    """A web address, or a path of the site itself; anything else becomes ''."""
    return _address(source, IMAGES)


def deep_link(source: str) -> str:
    """An address with any scheme that an app may own, or ''."""
    found = source.strip()
    scheme = SCHEME.match(found)
    return found if scheme is not None and scheme[1].lower() not in NEVER else ""


def _address(source: str, schemes: set[str]) -> str:
    found = source.strip()
    scheme = SCHEME.match(found)
    if scheme is not None:
        return found if scheme[1].lower() in schemes else ""
    if not found.startswith(("/", "#", "?")) or found.startswith("//") or STRANGE.search(found):
        return ""
    return found
