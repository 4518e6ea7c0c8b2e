"""What people send to the console's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from console.models import AuditEntry, KeyKind, Role, User


class WorkspaceForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="Usually the product or the team, for example “Acme app”.")


class SettingsForm(WorkspaceForm):
    retention_days = forms.IntegerField(
        required=False,
        min_value=30,
        max_value=36_500,
        label="Keep events for (days)",
        help_text="Events and responses older than this are deleted. At least 30. Empty keeps them for ever.",
    )
    signed_people_only = forms.BooleanField(
        required=False,
        label="Only signed people",
        help_text="Only people whose id your server has signed get messages. Switch it on once your app signs.",
    )


class MemberForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(
        choices=Role.choices,
        initial=Role.AUTHOR,
        help_text="Owners manage members, keys and settings; authors write and send; viewers only look.",
    )

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class KeyForm(forms.Form):
    kind = forms.ChoiceField(choices=KeyKind.choices, widget=forms.HiddenInput)
    name = forms.CharField(max_length=60, help_text="Where it is used, for example “website” or “billing server”.")
    nonce = forms.UUIDField(widget=forms.HiddenInput)

    def clean_kind(self) -> KeyKind:
        return KeyKind(self.cleaned_data["kind"])


class AuditFilterForm(forms.Form):
    verb = forms.ChoiceField(required=False, label="What")
    actor = forms.ModelChoiceField(User.objects.none(), required=False, label="Who", empty_label="Anybody")

    def __init__(self, *args: Any, entries: QuerySet[AuditEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verbs = entries.order_by("verb").values_list("verb", flat=True).distinct()
        self.fields["verb"].choices = [("", "Anything"), *((verb, verb) for verb in verbs)]  # type: ignore[attr-defined]
        actors = entries.order_by().values("actor")
        self.fields["actor"].queryset = User.objects.filter(pk__in=actors).order_by("email")  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["data-autosubmit"] = ""

    def narrow(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Only what was asked for; a filter that makes no sense narrows nothing and is shown as wrong."""
        wanted = self.cleaned_data if self.is_valid() else {}
        return entries.filter(**{name: value for name, value in wanted.items() if value})
