"""The consumers of the event log. Nowhere else is there a list of them."""

from __future__ import annotations

from tracking.consumers.people import people
from tracking.consumers.responses import responses
from tracking.consumers.rollup import rollup
from tracking.consumers.runner import Consumer
from tracking.consumers.settle import settle
from tracking.consumers.webhooks import webhooks

CONSUMERS = (
    Consumer("people", people),
    Consumer("responses", responses),
    Consumer("rollup", rollup),
    Consumer("settle", settle),
    Consumer("webhooks", webhooks),
)
NAMES = tuple(consumer.name for consumer in CONSUMERS)
