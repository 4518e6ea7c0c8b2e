"""What a page offers to do: forms that write and can be sent, and links that look like buttons, by the names of their
addresses."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import resolve


class Controls(HTMLParser):
    def __init__(self, page: str, text: str) -> None:
        super().__init__()
        self.page, self.inside, self.form = page, False, ""
        self.posts: set[str] = set()
        """The addresses that forms are sent to."""
        self.links: set[str] = set()
        self.feed(text)

    @property
    def names(self) -> set[str]:
        return {f"POST {name_of(path)}" for path in self.posts} | {name_of(path) for path in self.links}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.inside = self.inside or tag == "main"
        if not self.inside:
            return
        if tag == "form":
            self.form = self._path(found.get("action", "")) if found.get("method", "").lower() == "post" else ""
        if tag == "button" and self.form and found.get("type", "submit") == "submit":
            self.posts.add(self.form)
        if tag == "a" and "btn" in found.get("class", "").split():
            self.links.add(self._path(found["href"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = ""
        if tag == "main":
            self.inside = False

    def _path(self, address: str) -> str:
        return urlsplit(urljoin(self.page, address)).path


def name_of(path: str) -> str:
    found = resolve(path)
    verb = found.kwargs.get("verb")
    return found.view_name + (f" {verb}" if verb else "")
