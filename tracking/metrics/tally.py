"""What was counted of one source in one range: the raw material of every number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from tracking.rollups.models import SubjectKind


class Counted(Protocol):
    """One subject's count, as `tracking.rollups.read.counts` gives it. `distinct` counts people, or deliveries."""

    @property
    def kind(self) -> int: ...
    @property
    def message_id(self) -> int: ...
    @property
    def action_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def total(self) -> int: ...
    @property
    def distinct(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """`sent` is by message; `whole` says that the range is all time, so that what was opened was also sent in it."""

    sent: Mapping[int, int]
    counts: tuple[Counted, ...]
    whole: bool = True

    def of(self, kind: SubjectKind) -> Iterator[Counted]:
        return (count for count in self.counts if count.kind == kind)

    def about(self, message_id: int) -> Tally:
        """The part of one message."""
        return Tally(
            {message_id: self.sent.get(message_id, 0)},
            tuple(count for count in self.counts if count.message_id == message_id),
            self.whole,
        )
