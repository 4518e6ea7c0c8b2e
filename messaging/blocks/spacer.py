from __future__ import annotations

from typing import Literal

from messaging.blocks.base import Block


class Spacer(Block, frozen=True):
    """Empty room between what stands above and below it."""

    size: Literal["small", "medium", "large"] = "medium"
