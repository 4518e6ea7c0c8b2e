from __future__ import annotations

from typing import Any

from django import forms

from tracking.webhooks import addresses
from tracking.webhooks.models import METRICS, every_metric

WORDS = {
    "opened": "Opened: a message was shown",
    "clicked": "Clicked: somebody tapped an action that has Track clicks on",
    "dismissed": "Dismissed: a message was closed, by whatever means",
}


class NonceForm(forms.Form):
    """The nonce makes it harmless to reload the page that shows a secret."""

    nonce = forms.UUIDField(widget=forms.HiddenInput)


class WebhookForm(NonceForm):
    url = forms.CharField(
        label="Address",
        max_length=addresses.LONGEST,
        widget=forms.URLInput(attrs={"placeholder": "https://example.org/hooks/earshot", "spellcheck": "false"}),
        help_text="Of your own server. It has four seconds to answer 2xx.",
        error_messages={"required": "Enter the address that events are to be posted to."},
    )
    kinds = forms.TypedMultipleChoiceField(
        label="What to send",
        choices=[(metric.value, WORDS[metric.label]) for metric in METRICS],
        initial=every_metric,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one.",
            "invalid_choice": "%(value)s is none of these. Choose from the list.",
        },
    )

    def clean_url(self) -> str:
        try:
            return addresses.read(self.cleaned_data["url"])
        except addresses.BadAddress as error:
            raise forms.ValidationError(str(error)) from error

    def values(self) -> dict[str, Any]:
        return {"url": self.cleaned_data["url"], "kinds": self.cleaned_data["kinds"]}
