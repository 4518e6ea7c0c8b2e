from __future__ import annotations

from datetime import UTC
from typing import Any

from django import forms
from django.utils import timezone

from messaging.broadcasts.models import Broadcast
from messaging.segments.models import Segment
from messaging.sources.forms import SourceForm


class BroadcastForm(SourceForm):
    model = Broadcast
    segment = forms.ModelChoiceField(Segment.objects.none(), required=False, label="Audience", empty_label="Everyone")
    when = forms.ChoiceField(
        choices=[("now", "As soon as it is confirmed"), ("at", "At a date and time")],
        widget=forms.RadioSelect,
        initial="now",
    )
    scheduled_at = forms.DateTimeField(
        required=False,
        label="Date and time (UTC)",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text="In UTC, not your own time zone.",
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["segment"].queryset = Segment.objects.of(self.workspace)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("when") != "at":
            if cleaned.get("scheduled_at"):
                told = "There is a date: choose “At a date and time”, or clear it to send as soon as it is confirmed."
                self.add_error("scheduled_at", told)
            cleaned["scheduled_at"] = None
        elif "scheduled_at" in cleaned and cleaned["scheduled_at"] is None:
            self.add_error("scheduled_at", "Say when, or send it as soon as it is confirmed.")
        elif cleaned.get("scheduled_at") and cleaned["scheduled_at"] <= timezone.now():
            now = timezone.now().astimezone(UTC)
            self.add_error("scheduled_at", f"That is in the past: it is {now:%d %b %Y %H:%M} UTC now.")
        return cleaned
