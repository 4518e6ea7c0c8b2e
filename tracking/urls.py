from __future__ import annotations

from tracking.erasure import urls as erasure
from tracking.ingest import urls as ingest
from tracking.metrics import urls as metrics
from tracking.rejections import urls as rejections
from tracking.responses import urls as responses
from tracking.webhooks import urls as webhooks

app_name = "tracking"

urlpatterns = [
    *ingest.urlpatterns,
    *metrics.urlpatterns,
    *responses.urlpatterns,
    *erasure.urlpatterns,
    *rejections.urlpatterns,
    *webhooks.urlpatterns,
]
