from __future__ import annotations

from messaging.broadcasts.forms import BroadcastForm
from messaging.broadcasts.models import Broadcast
from messaging.broadcasts.services import broadcasts
from messaging.sources.registry import SourceType, register

register(
    SourceType(
        slug="broadcasts", page="messaging:broadcast", model=Broadcast, form=BroadcastForm, create=broadcasts.create
    )
)
