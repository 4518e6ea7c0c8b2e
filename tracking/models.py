from tracking.consumers.models import DeadLetter, Watermark
from tracking.erasure.models import Erased, Merged
from tracking.ingest.models import Event, EventKind
from tracking.rejections.models import Rejection
from tracking.responses.models import Response
from tracking.rollups.models import Bucket, DayBucket, Mark, People, Seen, Subject, SubjectKind
from tracking.webhooks.models import DeliveryState, Webhook, WebhookDelivery

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
    "Rejection",
    "Response",
    "Seen",
    "Subject",
    "SubjectKind",
    "Watermark",
    "Webhook",
    "WebhookDelivery",
]
