"""What people send to the console's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from console.accounts.models import AuditEntry, KeyKind, Role, User


class WorkspaceForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="Usually the product or the team, for example “Acme app”.")


class NamesField(forms.CharField):
    """Names of attributes, one in a line."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        names = list(dict.fromkeys(line.strip() for line in super().clean(value).splitlines() if line.strip()))
        if long := next((name for name in names if len(name) > 150), None):
            raise forms.ValidationError(f"“{long[:40]}…” is longer than 150 characters, as no attribute's name is.")
        if len(names) > 200:
            raise forms.ValidationError("A person has at most 200 attributes: list no more.")
        return names


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
        label="Require verified identity",
        help_text="Only people whose id your server has signed get messages, and reports about known people must be "
        "signed too. Switch it on once your app signs.",
    )
    limit_write_key = forms.BooleanField(
        required=False,
        label="Limit what the write key may set",
        help_text="The write key is public. Attributes that decide who gets what are better set by your server alone.",
    )
    write_key_attributes = NamesField(
        required=False,
        label="Attributes that the write key may set",
        help_text="One name in a line; none at all, if it is empty. Only where the switch above is on.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.pop("limit_write_key", False) and "write_key_attributes" in cleaned:
            cleaned["write_key_attributes"] = None
        return cleaned


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
