from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from messaging.actions import Fill
from messaging.actions.remarks import FALLBACK, Remark, may_be_blank
from messaging.blocks.base import Block
from messaging.common import safety
from messaging.errors import BadContent


class Text(Block, frozen=True):
    """Formatted words."""

    html: str = ""

    def sources(self) -> Iterator[tuple[str, bool]]:
        yield self.html, True

    def clean(self) -> Text:
        if len(self.html) > safety.LONGEST_HTML:
            told = f"A text has at most {safety.LONGEST_HTML:,} characters, formatting included: shorten it."
            raise BadContent([(f"{self.id}/html", told)])
        return replace(self, html=safety.draft_html(self.html))

    def render(self, fill: Fill) -> Text:
        return replace(self, html=safety.html(fill(self.html, html=True)))

    def errors(self, steps: Collection[str]) -> Iterator[Remark]:
        if not safety.words(self.html):
            yield Remark(self.id, "html", "The text is empty: write something or delete it.")

    def warnings(self) -> Iterator[Remark]:
        if may_be_blank(self.html):
            yield Remark(self.id, "html", FALLBACK)
