"""What `/readyz`, `/metrics`, the log and `doctor` say of the installation, each trouble made for real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from console import clock, tasks
from console.celery import app
from console.health import CHECKS, disk, heartbeats, servers
from tests.people import make_workspace
from tests.tracking.log import make_tap, write
from tracking import health
from tracking.consumers.models import DeadLetter
from tracking.ingest.models import Event, EventKind
from tracking.webhooks.models import Webhook, WebhookDelivery


@pytest.fixture(autouse=True)
def processes() -> Iterator[None]:
    """A worker and beat that have just shown a sign of life."""
    for name in heartbeats.PROCESSES:
        heartbeats.record(name)
    yield
    servers.broker.cache_clear()
    tasks.said.clear()


def ready(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_a_living_process_says_so_without_a_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_process_that_reaches_everything_is_ready(client: Client) -> None:
    status, said = ready(client)
    assert (status, set(said.values())) == (200, {"ok"})
    assert set(said) == {"status", *CHECKS}


@pytest.mark.django_db
def test_a_process_without_redis_is_not_ready_and_says_what_is_missing(client: Client, settings: Any) -> None:
    servers.broker.cache_clear()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, said = ready(client)
    assert (status, said["status"], said["redis"]) == (503, "unavailable", "does not answer")
    assert {said[name] for name in ("redis_memory", "worker", "beat")} == {"unknown: see redis"}
    assert {said[name] for name in CHECKS if name not in ("redis", "redis_memory", "worker", "beat")} == {"ok"}


@pytest.mark.django_db
@pytest.mark.parametrize("process", heartbeats.PROCESSES)
def test_a_process_without_a_sign_of_life_is_told_but_pages_go_on(client: Client, process: str) -> None:
    servers.broker().delete(f"earshot:heartbeat:{process}")
    status, said = ready(client)
    assert (status, said["status"]) == (200, "degraded")
    assert "for a minute, so nothing is counted or sent" in said[process]


@pytest.mark.django_db
def test_the_worker_and_beat_give_their_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in heartbeats.PROCESSES:
        servers.broker().delete(f"earshot:heartbeat:{name}")
    tasks.heartbeat()
    assert heartbeats.age("worker") == pytest.approx(0, abs=5)
    assert heartbeats.age("beat") is None
    scheduler = clock.MonotonicScheduler(app)
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)
    for entry in scheduler.merge_inplace(app.conf.beat_schedule) or scheduler.schedule.values():
        scheduler.apply_async(entry, advance=False)
    assert heartbeats.age("beat") == pytest.approx(0, abs=5)


@pytest.mark.django_db
@pytest.mark.parametrize(("megabytes", "status"), [(2048, 200), (500, 200), (10, 503)])
def test_a_disk_that_fills_is_told_and_a_full_one_stops_traffic(
    client: Client, monkeypatch: pytest.MonkeyPatch, megabytes: int, status: int
) -> None:
    monkeypatch.setattr(disk, "free", lambda: megabytes << 20)
    code, said = ready(client)
    assert code == status
    assert ("make room" in said["disk"]) is (megabytes < 1024)


@pytest.mark.django_db
def test_dead_letters_are_told(client: Client) -> None:
    tap = make_tap()
    write(tap)
    DeadLetter.objects.create(consumer="rollup", workspace_id=1, key=tap.key, error="x")
    status, said = ready(client)
    assert (status, said["dead_letters"]) == (200, "1 dead letters are not counted: `manage.py retry_dead_letters`.")


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "told"), [(health.BEHIND - 10, False), (health.BEHIND + 10, True)])
def test_consumers_that_stand_still_are_told(client: Client, seconds: int, told: bool) -> None:
    write(make_tap())
    Event.objects.update(received_at=timezone.now() - timedelta(seconds=seconds))
    assert ("s behind the log" in ready(client)[1]["consumers"]) is told


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "failing", "told"), [(9, False, False), (11, False, True), (11, True, False)])
def test_webhooks_that_nobody_sends_are_told(client: Client, minutes: int, failing: bool, told: bool) -> None:
    """Those of an endpoint that fails wait for it, not for a worker."""
    webhook = Webhook.objects.create(
        workspace=make_workspace(),
        url="https://example.org/hook",
        kinds=[EventKind.CLICKED],
        failing_since=timezone.now() if failing else None,
        failures=int(failing),
    )
    tap = make_tap()
    WebhookDelivery.objects.create(
        workspace_id=webhook.workspace_id, webhook_id=webhook.pk, key=tap.key, person_id=1, kind=tap.kind, state=1,
        attempts=0, due_at=timezone.now() - timedelta(minutes=minutes), error="",
    )  # fmt: skip
    assert ("webhooks of endpoints that answer are due" in ready(client)[1]["outbox"]) is told


@pytest.mark.django_db
def test_a_clock_that_is_not_the_databases_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    there = servers.time.time()
    monkeypatch.setattr(servers.time, "time", lambda: there + 3600)
    assert "3600 s apart" in ready(client)[1]["clock"]


@pytest.mark.django_db
def test_a_redis_that_forgets_tasks_when_it_is_full_is_told(client: Client) -> None:
    redis = servers.broker()
    redis.config_set("maxmemory", "200mb")
    try:
        assert ready(client)[1]["redis_memory"] == "ok"
        redis.config_set("maxmemory-policy", "allkeys-lru")
        assert "noeviction" in ready(client)[1]["redis_memory"]
        redis.config_set("maxmemory-policy", "noeviction")
        redis.config_set("maxmemory", str(redis.info("memory")["used_memory"] + 10_000))
        assert "give it more" in ready(client)[1]["redis_memory"]
    finally:
        redis.config_set("maxmemory-policy", "noeviction")
        redis.config_set("maxmemory", "0")


@pytest.mark.django_db
def test_a_trouble_is_logged_when_it_begins_and_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with capture_logs() as lines:
        tasks.log_health()
        with monkeypatch.context() as patch:
            patch.setattr(disk, "free", lambda: 500 << 20)
            tasks.log_health()
            tasks.log_health()
        tasks.log_health()
    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("health.disk", "error"),
        ("health.disk.over", "warning"),
    ]


@pytest.mark.django_db
def test_a_worker_that_has_just_started_is_no_trouble() -> None:
    servers.broker().delete("earshot:heartbeat:worker")
    with capture_logs() as lines:
        tasks.log_health()
    assert lines == []


@pytest.mark.django_db
def test_a_check_that_cannot_be_asked_is_in_trouble_and_the_others_are_asked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why is for the log: it may name hosts and users, and everybody may ask."""

    def fail() -> int:
        raise OSError("no such device")

    monkeypatch.setattr(disk, "free", fail)
    with capture_logs() as lines:
        status, said = ready(client)
    assert [(line["event"], line["error"]) for line in lines if "check" in line] == [
        ("health.not_asked", "no such device")
    ]
    assert (status, said.pop("status")) == (200, "degraded")
    assert said.pop("disk") == "cannot be found out: see the log"
    assert set(said.values()) == {"ok"}


@pytest.mark.django_db
def test_doctor_says_what_is_wrong_and_ends_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    call_command("doctor")
    said = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in said} == set(CHECKS)
    assert {line.split()[1] for line in said} == {"ok"}
    (tmp_path / "up.json").write_text("{}")
    monkeypatch.setattr(disk, "free", lambda: 1 << 20)
    with pytest.raises(SystemExit):
        call_command("doctor")
    captured = capsys.readouterr()
    assert "is of an `up` that was killed" in captured.out
    assert "1 MB are free" in captured.out
    assert "1 of " in captured.err
