"""One post, to real servers on loopback: what is sent, what is believed, and where it does not go."""

from __future__ import annotations

import asyncio
import datetime
import socket
import ssl
import textwrap
import time
from contextlib import closing
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.tracking.receiver import Receiver, dripping, receiving
from tracking.webhooks import http_client
from tracking.webhooks.http_client import PostResult
from tracking.webhooks.payload import SignedRequest, headers


@pytest.fixture(autouse=True)
def _reach(settings: Any) -> None:
    settings.WEBHOOK_ALLOW = [ip_network("127.0.0.0/8")]


def post(url: str, body: bytes = b'{"a":1}', trust: ssl.SSLContext | None = None) -> PostResult:
    async def main() -> PostResult:
        async with http_client.session(trust) as session:
            return await http_client.post(session, SignedRequest(url, "s3cret", body))

    return asyncio.run(main())


def test_the_raw_body_is_signed_with_the_time_it_is_sent_at(receiver: Receiver) -> None:
    assert post(receiver.url("/hook?to=us"), '{"name":"Ja, gern ä"}'.encode()) == PostResult(True)
    [got] = receiver.posts
    assert (got.path, got.json) == ("/hook?to=us", {"name": "Ja, gern ä"})
    assert got.is_signed_with("s3cret")
    assert not got.is_signed_with("another")
    assert abs(int(got.headers["x-cio-timestamp"]) - time.time()) < 30
    assert got.headers["content-type"] == "application/json"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_a_receiver_that_does_as_the_docs_say_believes_it_and_nothing_else(receiver: Receiver) -> None:
    page = (Path(__file__).parents[2] / "docs/webhooks.md").read_text()
    lines = page[page.index("    import hashlib") : page.index("Sign the bytes")]
    said: dict[str, Any] = {}
    exec(textwrap.dedent(lines), said)  # noqa: S102 - our own page
    post(receiver.url())
    [got] = receiver.posts
    believes = said["is_from_earshot"]
    assert believes("s3cret", got.headers, got.body)
    assert not believes("another", got.headers, got.body)
    assert not believes("s3cret", got.headers, got.body + b" ")
    stale = headers(SignedRequest("", "s3cret", got.body), int(time.time()) - 600)
    assert not believes("s3cret", stale, got.body)


@pytest.mark.parametrize(
    ("status", "ok"), [(200, True), (204, True), (400, False), (410, False), (429, False), (500, False)]
)
def test_only_2xx_is_an_arrival(receiver: Receiver, status: int, ok: bool) -> None:
    receiver.answer, receiver.answer_body = lambda post: status, b""
    assert post(receiver.url()) == PostResult(ok, "" if ok else f"It answered {status}.")


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.answer, receiver.extra = lambda post: 307, {"Location": receiver.url("/elsewhere")}
    answer = post(receiver.url())
    assert not answer.ok
    assert "redirects are not followed" in answer.error
    assert [got.path for got in receiver.posts] == ["/hook"]


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    endless = [b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", *[b"x" * 65536] * 5000]
    with dripping(0.001, *endless) as port:
        began = time.monotonic()
        assert post(f"http://127.0.0.1:{port}/") == PostResult(True)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "drops",
    [[b""] * 100, [b"HTTP/1.1 200 OK\r\n", *[b"X-Slow: 1\r\n"] * 100], [b"\0"] * 100],
    ids=["silence", "headers", "nonsense"],
)
def test_who_is_slow_is_hung_up_on(drops: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "PATIENCE", 0.5)
    with dripping(0.2, *drops) as port:
        began = time.monotonic()
        assert not post(f"http://127.0.0.1:{port}/").ok
        assert time.monotonic() - began < 3


def test_a_tls_handshake_that_drips_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "PATIENCE", 0.5)
    with dripping(0.2, b"\x16\x03\x03\x40\x00", *[b"\x02"] * 100) as port:
        began = time.monotonic()
        assert "No answer" in post(f"https://127.0.0.1:{port}/").error
        assert time.monotonic() - began < 3


def test_nobody_there_is_said_plainly() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/").error == "No connection: Connection refused"
    assert post("http://nowhere.invalid/").error == "Its name is not known to the name server."


class TestPrivateAddresses:
    @pytest.fixture(autouse=True)
    def _closed(self, settings: Any, receiver: Receiver) -> None:
        settings.WEBHOOK_ALLOW = []

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]"])
    def test_are_not_connected_to(self, receiver: Receiver, host: str) -> None:
        answer = post(f"http://{host}:{receiver.port}/")
        assert not answer.ok
        assert "private address" in answer.error or "cannot be used" in answer.error
        assert not receiver.posts

    def test_are_not_reached_by_a_name_that_changes(
        self, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One look-up per connection, and the address it gave is the one that is checked and connected to."""
        settings.WEBHOOK_ALLOW = [ip_network("127.0.0.1/32")]
        answers = iter(["127.0.0.1", "127.0.0.2"])
        asked: list[str] = []

        def changing(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

        monkeypatch.setattr(http_client.socket, "getaddrinfo", changing)
        assert post(f"http://rebinding.example:{receiver.port}/").ok
        assert asked == ["rebinding.example"]
        assert receiver.posts[0].headers["host"] == f"rebinding.example:{receiver.port}"
        assert "private address 127.0.0.2" in post(f"http://rebinding.example:{receiver.port}/").error
        assert len(receiver.posts) == 1

    def test_are_passed_over_where_a_name_has_others(
        self, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.WEBHOOK_ALLOW = [ip_network("127.0.0.1/32")]
        both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, receiver.port)) for at in ("127.0.0.2", "127.0.0.1")]
        monkeypatch.setattr(http_client.socket, "getaddrinfo", lambda *_, **__: both)
        assert post(f"http://both.example:{receiver.port}/").ok
        assert len(receiver.posts) == 1


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server called `name` shows, and what trusts it."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(secret + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


class TestTls:
    @pytest.fixture
    def name(self, monkeypatch: pytest.MonkeyPatch) -> str:
        real = socket.getaddrinfo
        monkeypatch.setattr(
            http_client.socket, "getaddrinfo", lambda host, *rest, **more: real("127.0.0.1", *rest, **more)
        )
        return "hooks.example"

    def test_the_name_goes_along_to_the_checked_address(self, name: str, tmp_path: Path) -> None:
        server, trust = certificate(tmp_path, name)
        asked: list[str | None] = []
        server.sni_callback = lambda _, sni, __: asked.append(sni)
        with receiving(server) as receiver:
            assert post(f"https://{name}:{receiver.port}/hook", trust=trust) == PostResult(True)
            assert receiver.posts[0].headers["host"] == f"{name}:{receiver.port}"
        assert asked == [name]

    def test_a_certificate_for_another_name_is_refused(self, name: str, tmp_path: Path) -> None:
        server, trust = certificate(tmp_path, "other.example")
        with receiving(server) as receiver:
            answer = post(f"https://{name}:{receiver.port}/", trust=trust)
            assert answer.error.startswith("Its TLS was not accepted")
            assert not receiver.posts

    def test_a_certificate_that_nobody_vouches_for_is_refused(self, name: str, tmp_path: Path) -> None:
        server, _ = certificate(tmp_path, name)
        with receiving(server) as receiver:
            assert post(f"https://{name}:{receiver.port}/").error.startswith("Its TLS was not accepted")
            assert not receiver.posts
