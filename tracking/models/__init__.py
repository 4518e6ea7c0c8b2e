from tracking.models.counts import Bucket, DayBucket, Mark, People, Seen, Subject, SubjectKind
from tracking.models.events import Event, EventKind
from tracking.models.people import Erased, Merged
from tracking.models.rejects import Reject
from tracking.models.responses import Response
from tracking.models.watermarks import DeadLetter, Watermark
from tracking.models.webhooks import DeliveryState, Webhook, WebhookDelivery

__all__ = [
    "Bucket",
    "DayBucket",
    "DeadLetter",
    "DeliveryState",
    "Erased",
    "Event",
    "EventKind",
    "Mark",
    "Merged",
    "People",
    "Reject",
    "Response",
    "Seen",
    "Subject",
    "SubjectKind",
    "Watermark",
    "Webhook",
    "WebhookDelivery",
]
