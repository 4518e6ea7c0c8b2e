"""What an author's HTML and URLs may be, once their variables are filled in."""

from __future__ import annotations

import re

import nh3

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
LINKS = {"http", "https", "mailto", "tel"}
NEVER = {"javascript", "data", "vbscript", "file", "blob", "about"}
SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]*):")


def html(source: str) -> str:
    """Basic formatting and links with safe schemes; scripts, styles, handlers and frames are gone."""
    return nh3.clean(source, tags=TAGS, attributes={"a": {"href", "title"}}, url_schemes=LINKS)


def url(source: str) -> str:
    """A web, mail or telephone address, or a path of the site itself; anything else becomes ''."""
    found = source.strip()
    scheme = SCHEME.match(found)
    if scheme is None:
        return found if found.startswith(("/", "#", "?")) and not found.startswith("//") else ""
    return found if scheme[1].lower() in LINKS else ""


def deep_link(source: str) -> str:
    """An address with any scheme that an app may own, or ''."""
    found = source.strip()
    scheme = SCHEME.match(found)
    return found if scheme is not None and scheme[1].lower() not in NEVER else ""
