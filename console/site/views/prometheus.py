"""For Prometheus: what ingest did in this process, and how far the consumers are behind. Only for who has the token."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from console.health import FAILURES, disk, heartbeats, report
from tracking import consumers
from tracking.health import outbox_due
from tracking.ingest import timing

log = structlog.get_logger()


def scrape(request: HttpRequest) -> HttpResponse:
    """404 to everybody else, and to all while EARSHOT_METRICS_TOKEN is not set."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Ingest(Collector):
    def collect(self) -> Iterable[Metric]:
        steps = SummaryMetricFamily("earshot_ingest_step_seconds", "Time in each step of the line.", labels=["step"])
        for name, step in timing.STEPS.items():
            steps.add_metric([name], step.passes, step.seconds)
        items = CounterMetricFamily("earshot_ingest_items", "Items by verdict or refusal code.", labels=["verdict"])
        for verdict, count in sorted(timing.verdicts.items()):
            items.add_metric([verdict], count)
        return [steps, items]


class Consumers(Collector):
    def collect(self) -> Iterable[Metric]:
        rows = GaugeMetricFamily(
            "earshot_consumer_rows_behind", "Rows still to be consumed, counted up to 100,000.", labels=["consumer"]
        )
        age = GaugeMetricFamily(
            "earshot_consumer_seconds_behind",
            "Seconds since the oldest row that is still to be consumed.",
            labels=["consumer"],
        )
        dead_letters = GaugeMetricFamily(
            "earshot_consumer_dead_letters", "Rows on which the consumer failed.", labels=["consumer"]
        )
        for one in consumers.lag():
            rows.add_metric([one.consumer], one.rows)
            age.add_metric([one.consumer], one.seconds)
            dead_letters.add_metric([one.consumer], one.dead_letters)
        return [rows, age, dead_letters]


class Checks(Collector):
    def collect(self) -> Iterable[Metric]:
        checks = GaugeMetricFamily("earshot_check", "1 when the check found nothing, else 0.", labels=["check"])
        for name, trouble in report().items():
            checks.add_metric([name], float(trouble is None))
        return [checks]


class Heartbeats(Collector):
    def collect(self) -> Iterable[Metric]:
        ages = GaugeMetricFamily(
            "earshot_heartbeat_age_seconds", "Since the last sign of life; above 60: none.", labels=["process"]
        )
        for name in heartbeats.PROCESSES:
            age = heartbeats.age(name)
            ages.add_metric([name], heartbeats.KEPT + 1 if age is None else age)
        return [ages]


class Outbox(Collector):
    def collect(self) -> Iterable[Metric]:
        rows, seconds = outbox_due()
        return [
            GaugeMetricFamily("earshot_outbox_due_rows", "Webhooks of healthy endpoints that are due.", value=rows),
            GaugeMetricFamily("earshot_outbox_due_seconds", "How long the oldest of them has been.", value=seconds),
        ]


class Disk(Collector):
    def collect(self) -> Iterable[Metric]:
        return [GaugeMetricFamily("earshot_disk_free_bytes", "In the data folder of this host.", value=disk.free())]


class IfPossible(Collector):
    """What a collector tells; nothing when what it asks is away, so that the others are told, the checks above all."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector

    def collect(self) -> Iterable[Metric]:
        try:
            return list(self.collector.collect())
        except FAILURES as error:
            log.warning(
                "metrics.not_told", collector=type(self.collector).__name__, error=str(error).partition("\n")[0]
            )
            return []


registry = CollectorRegistry()
for collector in (Checks(), Heartbeats(), Ingest(), Consumers(), Outbox(), Disk()):
    registry.register(IfPossible(collector))
ProcessCollector(registry=registry)
