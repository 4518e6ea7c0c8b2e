"""Responses and times shown: hours for a day or two, then days, then weeks; gaps are zeros."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from tracking.metrics.ranges import Range
from tracking.rollups.models import SubjectKind

LONGEST_BY_DAY = timedelta(days=120)
LONGEST_BY_HOUR = timedelta(days=2)
FORMATS = {"hour": "%d %b %H:%M", "day": "%d %b %Y", "week": "week of %d %b %Y"}
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


class Point(Protocol):
    """How often in one UTC hour or day, as `tracking.rollups.read.series` gives it."""

    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> SubjectKind: ...
    @property
    def total(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Chart:
    unit: str
    labels: tuple[str, ...]
    responses: tuple[int, ...]
    shown: tuple[int, ...]

    @property
    def rows(self) -> list[tuple[str, int, int]]:
        """The text alternative, newest first."""
        return list(zip(self.labels, self.shown, self.responses, strict=True))[::-1]

    @property
    def data(self) -> dict[str, object]:
        return {"unit": self.unit, "labels": self.labels, "responses": self.responses, "shown": self.shown}


KINDS = (SubjectKind.OPENED, SubjectKind.CLICKED, SubjectKind.DISMISSED, SubjectKind.RESPONDED)
# Every report proves the opening, so times shown are what is left of OPENED (see `numbers.shown`).
SHOWN = {SubjectKind.OPENED: 1, SubjectKind.CLICKED: -1, SubjectKind.DISMISSED: -1}


def step(days: Range, started: datetime | None, now: datetime) -> Literal["hour", "day"]:
    """How finely to ask: by the hour when all happened within two days."""
    first = days.start or started
    return "hour" if first and min(days.end or now, now) - first < LONGEST_BY_HOUR else "day"


def chart(points: Iterable[Point], days: Range, started: datetime | None, now: datetime) -> Chart:
    """From the range's start (of all time: the first that happened) to its end, or now if that is earlier."""
    points = list(points)
    times = [point.at for point in points]
    first = days.start or min([*times, started or now])
    last = max([min(days.end - timedelta(hours=1) if days.end else now, now), first, *times])
    unit = _unit(step(days, started, now), last - first)
    responses, shown = Counter[datetime](), Counter[datetime]()
    for point in points:
        at = _floor(point.at, unit)
        shown[at] += SHOWN.get(point.kind, 0) * point.total
        responses[at] += point.total if point.kind == SubjectKind.RESPONDED else 0
    ticks = [_floor(first, unit)]
    while ticks[-1] + STEPS[unit] <= last:
        ticks.append(ticks[-1] + STEPS[unit])
    return Chart(
        unit,
        tuple(tick.strftime(FORMATS[unit]) for tick in ticks),
        tuple(responses[tick] for tick in ticks),
        tuple(shown[tick] for tick in ticks),
    )


def _unit(asked: Literal["hour", "day"], span: timedelta) -> str:
    """What was asked for, or coarser where clocks that are days off have stretched the time."""
    if span >= LONGEST_BY_DAY:
        return "week"
    return asked if span < 3 * LONGEST_BY_HOUR else "day"


def _floor(time: datetime, unit: str) -> datetime:
    hour = time.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if unit == "hour":
        return hour
    day = hour.replace(hour=0)
    return day if unit == "day" else day - timedelta(days=day.weekday())
