"""Everything that is said of one source in one range: what the metrics page shows and the API answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from console.accounts.models import Workspace
from messaging import public
from messaging.public import Source
from tracking.metrics import chart, numbers
from tracking.metrics.lag import lag
from tracking.metrics.ranges import Range
from tracking.metrics.tally import Tally
from tracking.metrics.tracked import Message, tracked
from tracking.rollups import read

UNLAUNCHED = {"draft", "scheduled"}


@dataclass(frozen=True, slots=True)
class Report:
    source: Source
    days: Range
    tally: Tally
    messages: tuple[Message, ...]
    chart: chart.Chart
    counted_at: datetime
    lag: timedelta

    sent: int
    opened: int
    openers: int
    open_rate: float | None
    clicked: int
    click_rate: float | None
    dismissed: dict[str, int]
    responses: int
    answers: int
    respondents: int
    response_rate: float | None

    @property
    def dismissals(self) -> int:
        return sum(self.dismissed.values())

    @property
    def reasons(self) -> list[tuple[str, int]]:
        return list(self.dismissed.items())

    @property
    def blank(self) -> str:
        """Why there is nothing to see: unlaunched, unsent, unopened, unanswered, quiet (in this range); or ''."""
        if self.responses:
            return ""
        if self.source.status in UNLAUNCHED and not (self.sent or self.opened):
            return "unlaunched"
        if not self.days.whole and not self.opened:
            return "quiet"
        if self.opened:
            return "unanswered"
        return "unopened" if self.sent else "unsent"


def report(source: Source, days: Range) -> Report:
    """Three reads, however much there is."""
    now = timezone.now()
    tally = tally_of(source, days)
    openers, respondents = numbers.openers(tally), numbers.respondents(tally)
    points = read.series(
        source.workspace_id,
        source.kind,
        source.id,
        since=days.since,
        until=days.until,
        kinds=chart.KINDS,
        step=chart.step(days, source.started_at, now),
    )
    return Report(
        source=source,
        days=days,
        tally=tally,
        messages=tracked(tally, source.snapshots),
        chart=chart.chart(points, days, source.started_at, now),
        counted_at=now,
        lag=lag(),
        sent=numbers.sent(tally),
        opened=numbers.opened(tally),
        openers=openers,
        open_rate=numbers.open_rate(tally),
        clicked=numbers.clicked(tally),
        click_rate=numbers.click_rate(tally),
        dismissed=numbers.dismissed(tally),
        responses=numbers.responses(tally),
        answers=numbers.answers(tally),
        respondents=respondents,
        response_rate=numbers.rate(respondents, openers),
    )


def tally_of(source: Source, days: Range) -> Tally:
    scope = (source.workspace_id, source.kind, source.id)
    return Tally(
        public.sent(*scope, since=days.start, until=days.end),
        tuple(read.counts(*scope, since=days.since, until=days.until)),
        days.whole,
    )


def beyond_retention(workspace: Workspace, days: Range, started: datetime | None) -> datetime | None:
    """The moment before which rows have been deleted, if the range reaches behind it."""
    if workspace.retention_days is None:
        return None
    boundary = timezone.now() - timedelta(days=workspace.retention_days)
    first = days.start or started
    return boundary if first and first < boundary else None
