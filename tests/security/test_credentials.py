"""Every endpoint with every form of credential, alone and mixed, against two workspaces: over real sockets.

A request's key is the first that it carries, where the endpoint looks for one. No other form of it is tried, no twin of
a header counts, and what one request was given is never given to the next.
"""

from __future__ import annotations

import base64
import http.client
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from console.accounts.models import ApiKey, Role
from console.accounts.services import keys
from console.asgi import Application
from console.runtime.server.bounded import BoundedProtocol
from console.runtime.server.protocol import Protocol
from messaging.deliveries import live
from messaging.deliveries.models import Delivery
from messaging.deliveries.tokens import read_token, write_token
from messaging.values import DeliveryRef
from tests.messaging.factories import make_broadcast, make_campaign, make_delivery
from tests.people import make_member, make_person, make_secret_key, make_workspace, make_write_key
from tests.security.serving import served
from tracking.ingest.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
ANN = base64.b64encode(b"ann").decode()


@dataclass
class World:
    """Two workspaces, A and B, with their keys; `opens` says whose queue a key is good for."""

    keys: dict[str, str]
    write: dict[str, int]
    secret: dict[str, int]
    source: dict[int, int]


def make_world() -> World:
    world = World({"none": "", "made up": "wk_made_up"}, {}, {}, {})
    for name in "AB":
        workspace = make_workspace(name)
        campaign = make_campaign(workspace)
        make_delivery(make_person(workspace, "ann"), campaign.snapshot)
        world.source[workspace.pk] = make_broadcast(workspace).pk
        world.keys |= {name: make_write_key(workspace), f"secret {name}": make_secret_key(workspace)}
        world.write[world.keys[name]] = world.secret[world.keys[f"secret {name}"]] = workspace.pk
        ended = make_write_key(workspace)
        keys.revoke(ApiKey.objects.latest("pk"), by=make_member(workspace, Role.OWNER, f"owner-{name.lower()}"))
        world.keys[f"revoked {name}"] = ended
    return world


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def __call__(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, Any]:
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def web(world: World) -> Iterator[Client]:
    with served(Application(), Protocol, lifespan="on") as port:
        yield Client(port)
    with connection.cursor() as cursor:  # of its threads, which would keep the test's database from being dropped
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s",
            [connection.connection.info.backend_pid],
        )


@pytest.fixture
def live_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Live reads its address from the environment, and keeps no key of another test."""
    at = connection.get_connection_params()
    user, host = at.get("user") or "postgres", at.get("host", "")
    monkeypatch.setenv("DATABASE_URL", f"postgres://{user}@/{at['dbname']}?host={host}")
    live.keyrings.clear()


def basic(user: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def authorization(key: str, form: str) -> dict[str, str]:
    if not key:
        return {}
    return {"Authorization": {"bearer": f"Bearer {key}", "user": basic(key), "password": basic("x", key)}[form]}


def queue_of(answer: tuple[int, Any]) -> int | None:
    """The workspace whose queue was given."""
    status, body = answer
    if status == 401:
        return None
    assert status == 200, answer
    [message] = body["inAppMessages"]
    return read_token(message["queueId"]).workspace_id


def test_a_queue_is_given_for_the_first_key_of_a_request_alone(world: World, web: Client) -> None:
    asked = 0
    for (_, site), (_, other), form in itertools.product(
        world.keys.items(), world.keys.items(), ("bearer", "user", "password")
    ):
        headers = {"X-Gist-Encoded-User-Token": ANN, **authorization(other, form)}
        headers |= {"X-CIO-Site-Id": site} if site else {}
        for _ in range(2):  # the second time from memory
            assert queue_of(web("POST", "/api/v4/users", headers, b"{}")) == world.write.get(site or other)
            asked += 1
    assert asked == 2 * 3 * 64


@pytest.mark.parametrize("twin", ["X_CIO_Site_Id", "X-CIO_Site-Id", "X-Site-Id", "Site-Id", "Proxy-Authorization"])
def test_a_twin_of_the_header_is_no_key(world: World, web: Client, twin: str) -> None:
    ours, theirs = world.keys["A"], world.keys["B"]
    who = {"X-Gist-Encoded-User-Token": ANN}
    for _ in range(2):
        assert queue_of(web("POST", "/api/v4/users", who | {twin: ours}, b"{}")) is None
        both = who | {"X-CIO-Site-Id": theirs, twin: ours}
        assert queue_of(web("POST", "/api/v4/users", both, b"{}")) == world.write[theirs]


def test_neither_the_query_nor_the_body_of_a_fetch_is_a_key(world: World, web: Client) -> None:
    key = world.keys["A"]
    body = json.dumps({"writeKey": key, "siteId": key}).encode()
    path = f"/api/v4/users?siteId={key}&writeKey={key}"
    for _ in range(2):
        assert queue_of(web("POST", path, {"X-Gist-Encoded-User-Token": ANN}, body)) is None


def test_two_keys_under_one_name_are_no_key(world: World, web: Client) -> None:
    for first, second in itertools.permutations([world.keys["A"], world.keys["B"]]):
        for _ in range(2):
            web.connection.putrequest("POST", "/api/v4/users")
            for name, value in (("X-CIO-Site-Id", first), ("X-CIO-Site-Id", second), ("Content-Length", "0")):
                web.connection.putheader(name, value)
            web.connection.putheader("X-Gist-Encoded-User-Token", ANN)
            web.connection.endheaders()
            answer = web.connection.getresponse()
            answer.read()
            assert answer.status == 401


@pytest.mark.parametrize("path", ["/v1/track", "/v1/%74rack"], ids=["from the connection", "through Django"])
def test_an_event_goes_to_the_workspace_of_the_first_key_alone(world: World, web: Client, path: str) -> None:
    good = world.write | world.secret
    cases = itertools.product(world.keys.values(), world.keys.values(), ("bearer", "user"))
    for n, (in_header, in_body, form) in enumerate(cases):
        call = {"event": "x", "userId": "ann", "messageId": f"{n}"} | ({"writeKey": in_body} if in_body else {})
        headers = authorization(in_header, form) | {"X-CIO-Site-Id": world.keys["B"]}  # says nothing here
        status, _ = web("POST", path, headers, json.dumps(call).encode())
        wanted = good.get(in_header or in_body)
        assert status == (200 if wanted else 401)
        logged = list(Event.objects.values_list("workspace_id", flat=True))
        assert logged == ([wanted] if wanted else []), (in_header, in_body, form)
        Event.objects.all().delete()


def test_a_delivery_leaves_the_queue_by_the_first_key_of_its_own_workspace_alone(world: World, web: Client) -> None:
    delivery = Delivery.objects.get(workspace_id=world.write[world.keys["A"]])
    ref = DeliveryRef(delivery.workspace_id, delivery.snapshot_id, delivery.person_id, delivery.pk, test=False)
    path = f"/api/v1/logs/queue/{write_token(ref)}"
    for (_, site), (_, other) in itertools.product(world.keys.items(), world.keys.items()):
        headers = authorization(other, "bearer") | ({"X-CIO-Site-Id": site} if site else {})
        status, _ = web("POST", path, headers, b"{}")
        workspace = world.write.get(site or other)
        assert status == (401 if workspace is None else 200 if workspace == ref.workspace_id else 404)


def test_a_revoked_key_is_refused_by_ingest_and_the_queue_soon(world: World, web: Client) -> None:
    def fetch() -> int:
        return web("POST", "/api/v4/users", {"X-Gist-Encoded-User-Token": ANN, "X-CIO-Site-Id": key}, b"{}")[0]

    def report() -> int:
        return web("POST", "/v1/track", authorization(key, "bearer"), b'{"event": "x", "userId": "ann"}')[0]

    key = world.keys["A"]
    assert [fetch(), report(), fetch(), report()] == [200] * 4  # from memory by now
    found = keys.find(key)
    assert found is not None
    keys.revoke(found, by=make_member(found.workspace, Role.OWNER, "alice"))
    deadline = time.monotonic() + 10
    while (fetch(), report()) != (401, 401):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_numbers_are_given_for_a_secret_key_in_the_authorization_alone(world: World, web: Client) -> None:
    for (name, key), form in itertools.product(world.keys.items(), ("bearer", "user", "password")):
        for workspace, source in world.source.items():
            headers = authorization(key, form) | {"X-CIO-Site-Id": world.keys["secret A"]}
            status, _ = web("GET", f"/api/metrics/broadcasts/{source}", headers)
            opened = world.secret.get(key)
            assert status == (401 if opened is None else 200 if opened == workspace else 404), (name, form)


def test_live_takes_the_write_key_in_the_query_and_no_other(world: World, live_database: None) -> None:
    with served(live.application, BoundedProtocol, lifespan="on") as port:
        for name, key in world.keys.items():
            stream = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            headers = {"X-CIO-Site-Id": world.keys["A"], "Authorization": f"Bearer {world.keys['A']}"}
            stream.request("GET", f"/api/v3/sse?userToken={ANN}&siteId={key}", headers=headers)
            assert stream.getresponse().status == (200 if name in "AB" else 401), name
            stream.close()


def test_many_unknown_site_ids_at_once_take_one_connection_to_the_database(world: World, live_database: None) -> None:

    def sessions() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return int(cursor.fetchone()[0])

    before = sessions()
    with served(live.application, BoundedProtocol, lifespan="on") as port:
        streams = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(150)]
        for n, stream in enumerate(streams):
            stream.request("GET", f"/api/v3/sse?userToken={ANN}&siteId=wk_{n}")
        assert {stream.getresponse().status for stream in streams} == {401}
        assert sessions() <= before + 1
        for stream in streams:
            stream.close()


def test_a_stream_ends_when_its_key_is_revoked(world: World, live_database: None) -> None:
    with served(live.application, BoundedProtocol, lifespan="on") as port:
        streams = {}
        for name in "AB":
            streams[name] = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            streams[name].request("GET", f"/api/v3/sse?userToken={ANN}&siteId={world.keys[name]}")
        answers = {name: stream.getresponse() for name, stream in streams.items()}
        assert answers["A"].readline() == b"event: connected\n"
        revoked = keys.find(world.keys["A"])
        assert revoked is not None
        keys.revoke(revoked, by=make_member(revoked.workspace, Role.OWNER, "alice"))
        assert b"heartbeat" in answers["A"].read()  # to its end
        assert answers["B"].readline() == b"event: connected\n"
        for stream in streams.values():
            stream.close()
