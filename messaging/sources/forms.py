"""What the forms of all sources share: a message, and a field for every property that it exposes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from console.accounts.models import Workspace
from messaging.deliveries.models import LIFETIME_DAYS, LONGEST_LIFETIME
from messaging.errors import BadTemplate, CannotSend
from messaging.messages.models import Message
from messaging.sources.models import Source
from messaging.sources.services import send_checks

PREFIX = "property_"


class SourceForm(forms.Form):
    model: type[Source]
    name = forms.CharField(max_length=120)
    message = forms.ModelChoiceField(
        Message.objects.none(),
        empty_label="Choose a published message",
        help_text="Only published messages can be sent.",
    )
    lifetime_days = forms.IntegerField(
        label="Waits for (days)",
        min_value=1,
        max_value=LONGEST_LIFETIME,
        required=False,
        initial=LIFETIME_DAYS,
        help_text=f"Who has not seen it after so many days is not shown it any more. Empty: {LIFETIME_DAYS}.",
    )

    def __init__(self, *args: Any, workspace: Workspace, source: Source | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.workspace, self.source = workspace, source
        field = self.fields["message"]
        field.queryset = Message.objects.of(workspace).published().order_by("name")  # type: ignore[attr-defined]
        self.exposed = _exposed(self._chosen())
        for name in self.exposed:
            self.fields[PREFIX + name] = forms.CharField(
                label=name,
                max_length=1000,
                initial=(source.properties if source else {}).get(name, ""),
                error_messages={"required": f"Fill in {name}: the message shows it."},
            )

    def _chosen(self) -> Message | None:
        given = self.data.get("message") if self.is_bound else self.initial.get("message")
        try:
            return self.fields["message"].clean(given)  # type: ignore[no-any-return]
        except forms.ValidationError:
            return None

    @property
    def property_fields(self) -> list[forms.BoundField]:
        return [self[PREFIX + name] for name in self.exposed]

    @property
    def chosen(self) -> Message | None:
        return self._chosen()

    def properties(self) -> dict[str, str]:
        return {name: str(self.cleaned_data.get(PREFIX + name, "")) for name in self.exposed}

    def posted_properties(self) -> Mapping[str, str]:
        return {name: str(self[PREFIX + name].value() or "") for name in self.exposed}

    def clean_lifetime_days(self) -> int:
        return int(self.cleaned_data["lifetime_days"] or LIFETIME_DAYS)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = self.model._default_manager.filter(workspace=self.workspace, name=name)
        if others.exclude(pk=(self.source and self.source.pk) or 0).exists():
            raise forms.ValidationError("Another one has this name; choose a different one.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                send_checks.ready(cleaned["message"], self.properties())
            except CannotSend as refusal:
                for field, what in refusal.problems:
                    self.add_error(field if field in self.fields else None, what)
        return cleaned


def _exposed(message: Message | None) -> list[str]:
    try:
        return send_checks.exposed(message)
    except (BadTemplate, ValueError):
        return []
