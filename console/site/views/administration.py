"""What the admin's front page says of the installation. Every question is bounded, whatever the tables hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from console.accounts.models import Workspace
from console.health import report
from messaging.deliveries.models import SendCount
from tracking import consumers
from tracking.webhooks.models import Webhook

NEWEST = 10_000  # events that are looked at for the rates
FEW = 10
RATES = """
SELECT count(*) FILTER (WHERE received_at > now() - interval '1 minute'),
       count(*) FILTER (WHERE received_at > now() - interval '1 hour'), max(received_at)
  FROM (SELECT received_at FROM tracking_event ORDER BY tx DESC LIMIT %s) newest"""
STORAGE = """
SELECT relname, pg_total_relation_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
 WHERE relkind = 'r' AND nspname = current_schema() ORDER BY 2 DESC LIMIT %s"""


@dataclass(frozen=True, slots=True)
class Use:
    workspace: Workspace
    sent: int


def facts() -> dict[str, Any]:
    minute, hour, latest = _row(RATES, NEWEST)
    return {
        "checks": {name.replace("_", " "): trouble.said if trouble else "ok" for name, trouble in report().items()},
        "lag": consumers.lag(),
        "minute": minute,
        "hour": hour,
        "counted": NEWEST,
        "latest": latest,
        "database_size": _row("SELECT pg_database_size(current_database())")[0],
        "tables": _rows(STORAGE, FEW),
        "failing": Webhook.objects.filter(failing_since__isnull=False).order_by("failing_since")[:FEW],
        "workspaces": by_use(),
    }


def by_use() -> list[Use]:
    """Those that sent most within thirty days."""
    counts = SendCount.objects.filter(hour__gte=timezone.now() - timedelta(days=30)).values("workspace_id")
    sent = {row["workspace_id"]: row["sent"] for row in counts.annotate(sent=Sum("count")).order_by("-sent")[:FEW]}
    named = Workspace.objects.in_bulk(list(sent))
    quiet = Workspace.objects.exclude(pk__in=sent).order_by("-pk")[: FEW - len(sent)]
    return [*(Use(named[pk], count) for pk, count in sent.items() if pk in named), *(Use(one, 0) for one in quiet)]


def _rows(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [tuple(row) for row in cursor.fetchall()]


def _row(statement: str, *params: Any) -> tuple[Any, ...]:
    return _rows(statement, *params)[0]
