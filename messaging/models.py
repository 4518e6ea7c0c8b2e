from messaging.broadcasts.models import Broadcast, BroadcastStatus
from messaging.campaigns.models import Campaign, CampaignStatus
from messaging.common.source_kinds import SourceKind
from messaging.deliveries.models import Delivery, DeliveryState, SendCount
from messaging.messages.models import Message, MessageVersion
from messaging.people.models import AnonymousId, Person
from messaging.segments.models import Segment
from messaging.snapshots.models import Snapshot

__all__ = [
    "AnonymousId",
    "Broadcast",
    "BroadcastStatus",
    "Campaign",
    "CampaignStatus",
    "Delivery",
    "DeliveryState",
    "Message",
    "MessageVersion",
    "Person",
    "Segment",
    "SendCount",
    "Snapshot",
    "SourceKind",
]
