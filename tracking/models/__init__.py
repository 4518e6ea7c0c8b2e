from tracking.models.counts import Bucket, People, Seen, Subject, SubjectKind
from tracking.models.events import Event, EventKind
from tracking.models.rejects import Reject
from tracking.models.responses import Response
from tracking.models.watermarks import Watermark

__all__ = [
    "Bucket",
    "Event",
    "EventKind",
    "People",
    "Reject",
    "Response",
    "Seen",
    "Subject",
    "SubjectKind",
    "Watermark",
]
