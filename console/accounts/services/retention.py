"""What the console itself forgets in time: sessions that ended, and the audit log of years ago."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session

from console.accounts.models import AuditEntry


def prune(today: date) -> int:
    """Returns how many rows were deleted."""
    midnight = datetime.combine(today, time(), UTC)
    sessions, _ = Session.objects.filter(expire_date__lt=midnight).delete()
    kept = timedelta(days=settings.AUDIT_DAYS)
    entries, _ = AuditEntry.objects.filter(at__lt=midnight - kept).delete() if kept else (0, {})
    return sessions + entries
