from __future__ import annotations

from messaging.blocks.base import Block


class Divider(Block, frozen=True):
    """A plain line between what stands above and below it."""
