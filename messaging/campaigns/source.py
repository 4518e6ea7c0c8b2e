from __future__ import annotations

from messaging.campaigns.forms import CampaignForm
from messaging.campaigns.models import Campaign
from messaging.campaigns.services import campaigns
from messaging.sources.registry import SourceType, register

register(
    SourceType(slug="campaigns", page="messaging:campaign", model=Campaign, form=CampaignForm, create=campaigns.create)
)
