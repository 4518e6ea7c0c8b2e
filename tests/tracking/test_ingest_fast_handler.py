"""The fast handler of ingest: the same verdicts as the API, many requests to a commit, nobody answered before it."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from console.runtime.server import database
from console.runtime.server.link import Link
from tests.fast_requests import Answer, FastRequest
from tests.people import make_workspace, make_write_key
from tests.tracking.ingest import make_delivery, make_snapshot, report
from tracking.ingest import batch_writer
from tracking.ingest.batch_writer import BatchWriter
from tracking.ingest.fast_handler import IngestHandler
from tracking.ingest.models import Event
from tracking.rejections.models import Rejection

pytestmark = pytest.mark.django_db(transaction=True)


async def post(handler: IngestHandler, path: str, body: Any, key: str = "") -> Answer:
    request = FastRequest(path, json.dumps(body).encode(), {b"authorization": f"Bearer {key}"})
    assert handler(request)
    return await request.answered


def together(*bodies: Any, key: str) -> list[Any]:
    async def main() -> list[Any]:
        handler = IngestHandler()
        with suppress(OSError):  # known already: so all of them reach the writer at once
            await handler.keys().find(key)
        answers = await asyncio.gather(*[post(handler, "/v1/track", body, key) for body in bodies])
        await handler.drain()
        return answers

    return asyncio.run(main())


def verdict(answer: Any) -> str:
    result = answer[2]["results"][0]
    return str(result.get("code", result["verdict"]))


def test_requests_that_arrive_together_are_each_kept_once() -> None:
    key = make_write_key(make_workspace())
    bodies = [{"event": "x", "userId": "u", "messageId": f"m{n % 40}"} for n in range(80)]
    answers = together(*bodies, key=key)
    assert sorted(map(verdict, answers)) == ["accepted"] * 40 + ["duplicate"] * 40
    assert Event.objects.count() == 40
    assert Event.objects.values("tx").distinct().count() < 40


def test_a_refused_neighbour_is_kept_in_the_inbox_by_the_same_write() -> None:
    workspace = make_workspace()
    key, token = make_write_key(workspace), make_delivery(make_snapshot(workspace))
    taps = [report(token, actionName="Yes please"), report(token, actionName="Nothing")]
    assert sorted(map(verdict, together(*taps, key=key))) == ["accepted", "unknown_action"]
    assert Event.objects.count() == 1
    assert Rejection.objects.get().code == "unknown_action"


def test_an_unknown_key_is_told() -> None:
    assert verdict(together({"event": "x", "userId": "u"}, key="wk_no")[0]) == "unknown_key"


def test_whoever_comes_to_a_full_queue_is_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_write_key(make_workspace())
    monkeypatch.setattr(batch_writer, "MAX_WAITING", 0)
    [(status, headers, body)] = together({"event": "x", "userId": "u"}, key=key)
    assert (status, headers["Retry-After"], body["code"]) == (429, "1", "busy")
    assert not Event.objects.exists()


def test_a_broken_connection_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_write_key(make_workspace())

    async def main() -> list[Any]:
        handler = IngestHandler()
        first = await post(handler, "/v1/track", {"event": "x", "userId": "u"}, key)
        assert handler.writer is not None
        assert handler.writer.link.connection is not None
        handler.writer.link.connection.pgconn.finish()
        second = await post(handler, "/v1/track", {"event": "x", "userId": "u"}, key)
        await handler.drain()
        return [first, second]

    assert [verdict(answer) for answer in asyncio.run(main())] == ["accepted", "accepted"]
    assert Event.objects.count() == 2


def test_two_writes_under_way_when_the_connection_is_cut_are_each_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_write_key(make_workspace())
    bodies = [{"event": "x", "userId": "u", "messageId": f"m{n}"} for n in range(20)]

    async def main() -> list[Any]:
        handler = IngestHandler()
        warm = await post(handler, "/v1/track", {"event": "x", "userId": "u", "messageId": "m0"}, key)
        assert handler.writer is not None
        assert handler.writer.pipeline is not None
        with psycopg.connect(**handler.writer.link.conninfo) as other:
            other.execute("LOCK TABLE tracking_event IN EXCLUSIVE MODE")
            asked = [asyncio.ensure_future(post(handler, "/v1/track", body, key)) for body in bodies[:10]]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            asked += [asyncio.ensure_future(post(handler, "/v1/track", body, key)) for body in bodies[10:]]
            await asyncio.sleep(0.1)
            assert len(handler.writer.pipeline.sent) == 2
            other.execute("SELECT pg_terminate_backend(%s)", [handler.writer.pipeline.pgconn.backend_pid])
            other.commit()
        answers = await asyncio.gather(*asked)
        await handler.drain()
        return [warm, *answers]

    verdicts = [verdict(answer) for answer in asyncio.run(main())]
    assert verdicts == ["accepted", "duplicate", *["accepted"] * 19]
    assert Event.objects.count() == 20


def test_with_the_database_away_nothing_is_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_write_key(make_workspace())

    async def away(*_: Any) -> Any:
        raise psycopg.OperationalError("away")

    monkeypatch.setattr(BatchWriter, "send", away)
    [(status, headers, body)] = together({"event": "x", "userId": "u"}, key=key)
    assert (status, headers["Retry-After"], body["code"]) == (503, "5", "unavailable")


def test_while_no_key_can_be_looked_up_clients_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is away: connections are refused, as while it recovers from a crash."""
    key = make_write_key(make_workspace())
    monkeypatch.setattr(database, "link", lambda: Link({"host": "/nowhere"}))
    [(status, headers, body)] = together({"event": "x", "userId": "u"}, key=key)
    assert (status, body["code"], headers["Retry-After"]) == (503, "unavailable", "5")
    assert not Event.objects.exists()
