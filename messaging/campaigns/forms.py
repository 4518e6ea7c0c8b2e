from __future__ import annotations

from django import forms

from messaging.campaigns.models import Campaign, Frequency
from messaging.sources.forms import SourceForm


class CampaignForm(SourceForm):
    model = Campaign
    trigger_event = forms.CharField(
        max_length=200, label="Trigger event", help_text="The event's name exactly as the app tracks it."
    )
    frequency = forms.ChoiceField(
        choices=Frequency.choices, widget=forms.RadioSelect, initial=Frequency.ONCE, label="How often"
    )
