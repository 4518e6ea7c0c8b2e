from messaging.models.broadcasts import Broadcast, BroadcastStatus
from messaging.models.campaigns import Campaign, CampaignStatus
from messaging.models.deliveries import Delivery, DeliveryState, SendCount
from messaging.models.messages import Message, MessageVersion
from messaging.models.people import AnonymousId, Person
from messaging.models.segments import Segment
from messaging.models.uses import SourceKind, Use

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
    "SourceKind",
    "Use",
]
