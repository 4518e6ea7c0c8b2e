from __future__ import annotations

from django.db import models


class SourceKind(models.IntegerChoices):
    """What sends messages, as snapshots, deliveries and counts name it."""

    BROADCAST = 1, "Broadcast"
    CAMPAIGN = 2, "Campaign"
