from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from messaging.actions import Fill, label
from messaging.actions.remarks import VARIABLE, Remark
from messaging.blocks.base import Block
from messaging.common import safety


class Image(Block, frozen=True):
    """A picture by its address; `alt` is read to people who do not see it."""

    url: str = ""
    alt: str = ""

    def sources(self) -> Iterator[tuple[str, bool]]:
        yield self.url, False
        yield self.alt, False

    def render(self, fill: Fill) -> Image:
        return replace(self, url=safety.image(fill(self.url)), alt=label(fill(self.alt)))

    def errors(self, steps: Collection[str]) -> Iterator[Remark]:
        if not VARIABLE.search(self.url) and not safety.image(self.url):
            yield Remark(self.id, "url", "The image needs an address that starts with https://.")
