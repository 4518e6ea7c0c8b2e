"""Clients that are slow, large or many: each is let go in time, and is told why."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from console.runtime.server.bounded import BoundedProtocol
from console.runtime.server.limits import Limits, from_environment
from console.runtime.server.protocol import Protocol
from tests.security.serving import served

LIMITS = Limits(head_seconds=1, body_seconds=1, body_rate=1000, write_seconds=1, discard_seconds=1)
LARGE = b"x" * 40_000_000


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] == "/read":
        while (message := await receive()).get("more_body"):
            pass
        if message["type"] == "http.disconnect":
            return
    body = LARGE if scope["path"] == "/large" else str(scope["headers"]).encode()
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    for start in range(0, len(body), 65536):
        part = body[start : start + 65536]
        await send({"type": "http.response.body", "body": part, "more_body": start + 65536 < len(body)})


class Application:
    fast_handlers: dict[bytes, Any] = {b"/hot": lambda request: request.answer(200, b"{}") or True}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await application(scope, receive, send)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(BoundedProtocol, "limits", LIMITS)
    with served(Application(), Protocol, timeout_keep_alive=1) as port:
        yield port


@pytest.fixture
def client(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), 15) as client:
        yield client


def rest(client: socket.socket) -> bytes:
    """All that still comes until the server closes."""
    found = b""
    while chunk := client.recv(65536):
        found += chunk
    return found


def send_until_closed(client: socket.socket, pieces: list[bytes], pause: float) -> int:
    """How many of the pieces could be sent; fails where the server takes them all."""
    for number, piece in enumerate(pieces):
        try:
            client.sendall(piece)
        except OSError:
            return number
        time.sleep(pause)
    pytest.fail("The server took all that was sent.")


@pytest.mark.parametrize("path", ["/hot", "/read", "/other"])
def test_a_head_that_is_not_completed_is_refused(client: socket.socket, path: str) -> None:
    client.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\n".encode())
    assert rest(client).startswith(b"HTTP/1.1 408 ")


def test_a_head_that_comes_a_byte_at_a_time_is_refused(client: socket.socket) -> None:
    head = b"GET / HTTP/1.1\r\nX-Slow: " + b"x" * 100
    send_until_closed(client, [bytes([byte]) for byte in head], pause=0.1)


@pytest.mark.parametrize("path", ["/hot", "/read"])
def test_a_body_that_stops_is_refused(client: socket.socket, path: str) -> None:
    client.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc".encode())
    answer = rest(client)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"access-control-allow-origin: *" in answer


def test_empty_lines_do_not_keep_a_connection(client: socket.socket) -> None:
    send_until_closed(client, [b"\r\n"] * 100, pause=0.1)


def test_a_client_that_takes_nothing_is_cut_off(client: socket.socket) -> None:
    client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(LIMITS.write_seconds + 2.5)
    assert len(rest(client)) < len(LARGE)


def test_a_client_that_asks_on_and_takes_no_answer_is_not_read_from(port: int) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", port))
        many = b"POST /hot HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" * 1000
        assert send_until_closed(client, [many] * 1000, pause=0) < 500


@pytest.mark.parametrize("path", ["/hot", "/read"])
def test_a_head_that_is_too_long_is_refused_however_it_is_cut(port: int, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nX-Long: {'x' * 66_000}\r\nContent-Length: 0\r\n\r\n".encode()
    for step in (len(head), 10_000, 1_000):
        with socket.create_connection(("127.0.0.1", port), 15) as client:
            for start in range(0, len(head), step):
                client.sendall(head[start : start + step])
            assert rest(client).startswith(b"HTTP/1.1 431 ")


def test_trailers_and_names_with_an_underscore_are_no_headers(client: socket.socket) -> None:
    client.sendall(
        b"POST /read HTTP/1.1\r\nHost: x\r\nX_Forwarded_For: 1.2.3.4\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nab\r\n0\r\nX-Forwarded-For: 5.6.7.8\r\n\r\n"
    )
    answer = client.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"orwarded" not in answer


def test_chunks_that_carry_more_beside_the_body_are_refused(client: socket.socket) -> None:
    client.sendall(b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    send_until_closed(client, [b"1;" + b"e" * 8000 + b"\r\nx\r\n"] * 1000, pause=0.01)


def test_a_request_behind_an_offer_to_upgrade_is_answered(client: socket.socket) -> None:
    """Java's client offers HTTP/2 with each request in the clear."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA\r\n"
    client.sendall(b"POST /hot HTTP/1.1\r\nHost: x\r\n" + offer + b"Content-Length: 2\r\n\r\n{}GET /a HTTP/1.1\r\n\r\n")
    answer = b""
    while answer.count(b"HTTP/1.1 200 ") < 2:
        chunk = client.recv(65536)
        assert chunk, answer
        answer += chunk


def test_connections_of_one_address_are_limited(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedProtocol, "limits", Limits(connections_per_address=2, discard_seconds=1))
    first, second = (socket.create_connection(("127.0.0.1", port), 15) for _ in range(2))
    with socket.create_connection(("127.0.0.1", port), 15) as third:
        assert rest(third).startswith(b"HTTP/1.1 503 ")
    first.close()
    time.sleep(0.5)
    with socket.create_connection(("127.0.0.1", port), 15) as fourth:
        fourth.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        assert fourth.recv(100).startswith(b"HTTP/1.1 200 ")
    second.close()


def test_a_limit_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_LIMIT_HEAD_SECONDS", "soon")
    with pytest.raises(ValueError, match="EARSHOT_LIMIT_HEAD_SECONDS=soon is not a whole number"):
        from_environment()
