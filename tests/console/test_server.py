"""The web server's protocol over real sockets: what a fast handler gets and may answer, and what else is served."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from django.test import Client

from console.runtime.server.fast_request import FastRequest
from console.runtime.server.protocol import MOST_BODY, Protocol


class RecordingApplication:
    """A handler that keeps its requests until it is told to answer, one that answers at once, an ASGI application."""

    def __init__(self) -> None:
        self.kept: list[FastRequest] = []
        self.fast_handlers = {b"/slow": self.keep, b"/echo": self.echo, b"/declined": lambda request: False}

    def keep(self, request: FastRequest) -> bool:
        self.kept.append(request)
        return True

    def echo(self, request: FastRequest) -> bool:
        words = f"{request.path}?{request.query.decode()} {request.header(b'x-who')} {len(request.content)}"
        request.answer(201, words.encode(), "text/plain", [("X-Handler", "echo")])
        return True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        body = f"page {scope['method']}".encode()
        if scope["path"] == "/declined":
            body += b" " + message["body"]
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[RecordingApplication, int]]:
    application = RecordingApplication()
    bare = {"lifespan": "off", "ws": "none", "log_config": None, "proxy_headers": False}
    config = uvicorn.Config(application, port=0, http=Protocol, interface="asgi3", timeout_keep_alive=2, **bare)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield application, server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def link(served: tuple[RecordingApplication, int]) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", served[1]), 10) as link:
        yield link


def ask(path: str, body: bytes = b"", *, method: str = "POST", **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def read(link: socket.socket, answers: int = 1) -> bytes:
    """So many whole answers."""
    found = b""
    while len(bodies(found)) < answers:
        chunk = link.recv(65536)
        assert chunk, f"closed after {found!r}"
        found += chunk
    return found


def bodies(stream: bytes) -> list[bytes]:
    found = []
    while b"\r\n\r\n" in stream:
        head, _, deferred = stream.partition(b"\r\n\r\n")
        [size] = [
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        ]
        if len(deferred) < size:
            break
        found.append(deferred[:size])
        stream = deferred[size:]
    return found


def test_a_handler_sees_path_query_headers_and_the_whole_body(link: socket.socket) -> None:
    request = ask("/echo?a=1", b"x" * 70_000, X_Who="ann")
    for start in range(0, len(request), 9_000):
        link.sendall(request[start : start + 9_000])
    said = read(link)
    assert bodies(said) == [b"/echo?a=1 ann 70000"]
    head = said.partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"http/1.1 201 created\r\ndate: ")
    for line in (
        b"x-handler: echo",
        b"content-type: text/plain",
        b"access-control-allow-origin: *",
        b"x-content-type-options: nosniff",
    ):
        assert line in head.split(b"\r\n")


def test_a_connection_is_kept_for_handlers_and_pages_alike(link: socket.socket) -> None:
    for request, answer in [
        (ask("/echo"), b"/echo?  0"),
        (ask("/page", method="GET"), b"page GET"),
        (ask("/echo", b"ab"), b"/echo?  2"),
        (ask("/echo", method="GET"), b"page GET"),
    ]:
        link.sendall(request)
        assert bodies(read(link)) == [answer]


def test_requests_sent_in_one_go_are_answered_in_their_order(
    served: tuple[RecordingApplication, int], link: socket.socket
) -> None:
    link.sendall(ask("/slow") + ask("/echo", b"1") + ask("/page", method="GET"))
    request = waiting(served[0])
    link.settimeout(0.3)
    with pytest.raises(TimeoutError):
        link.recv(1)
    link.settimeout(10)
    later(request, b"slow")
    # Whoever comes while another answer is due goes the application's way, so that the order is kept.
    assert bodies(read(link, 3)) == [b"slow", b"page POST", b"page GET"]


def test_nobody_is_answered_twice(served: tuple[RecordingApplication, int], link: socket.socket) -> None:
    link.sendall(ask("/slow"))
    request = waiting(served[0])
    later(request, b"first")
    later(request, b"second")
    assert bodies(read(link)) == [b"first"]
    link.sendall(ask("/echo"))
    assert bodies(read(link)) == [b"/echo?  0"]


def test_an_answer_for_somebody_who_left_goes_nowhere(
    served: tuple[RecordingApplication, int], link: socket.socket
) -> None:
    link.sendall(ask("/slow"))
    request = waiting(served[0])
    link.close()
    while not request.disconnected:
        time.sleep(0.01)
    later(request, b"late")
    with socket.create_connection(("127.0.0.1", served[1]), 10) as other:
        other.sendall(ask("/echo"))
        assert bodies(read(other)) == [b"/echo?  0"]


def test_a_client_that_wants_the_connection_closed_gets_its_answer_first(link: socket.socket) -> None:
    link.sendall(ask("/echo", Connection="close"))
    said = read(link)
    assert b"\r\nconnection: close\r\n" in said
    assert link.recv(1) == b""


def test_a_client_of_the_first_version_is_not_left_waiting_for_the_end(link: socket.socket) -> None:
    link.sendall(ask("/echo", Connection="keep-alive").replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert bodies(read(link)) == [b"/echo?  0"]
    assert link.recv(1) == b""


def test_a_client_that_asks_whether_to_continue_is_served_by_the_application(link: socket.socket) -> None:
    link.sendall(ask("/echo", b"ab", Expect="100-continue"))
    said = b""
    while not said.endswith(b"page POST"):
        said += link.recv(1000)
    assert said.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


def test_what_a_handler_declines_is_served_by_the_application(link: socket.socket) -> None:
    for _ in range(2):
        link.sendall(ask("/declined", b"ab") + ask("/echo"))
        assert bodies(read(link, 2))[0] == b"page POST ab"


def test_headers_without_end_are_refused(link: socket.socket) -> None:
    link.sendall(b"POST /echo HTTP/1.1\r\nX-Long: " + b"x" * 100_000)
    assert link.recv(100).startswith(b"HTTP/1.1 431 ")


def test_a_body_without_end_is_not_kept(link: socket.socket) -> None:
    link.sendall(ask("/echo", b"x" * (4 * MOST_BODY)))
    kept = int(bodies(read(link))[0].split()[-1])
    assert MOST_BODY <= kept < 2 * MOST_BODY


def test_whoever_says_nothing_is_let_go(link: socket.socket) -> None:
    assert link.recv(1) == b""


def test_nonsense_is_refused(link: socket.socket) -> None:
    link.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
    assert link.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_preflight_is_answered(client: Client) -> None:
    asked = {"origin": "https://app.example.org", "access-control-request-method": "POST"}
    answer = client.options("/v1/t", headers=asked | {"access-control-request-headers": "authorization"})
    assert answer["access-control-allow-origin"] == "*"
    assert "authorization" in answer["access-control-allow-headers"]


def waiting(application: RecordingApplication) -> FastRequest:
    """The request that the slow handler got."""
    while not application.kept:
        time.sleep(0.01)
    return application.kept.pop()


def later(request: FastRequest, body: bytes) -> None:
    request.protocol.loop.call_soon_threadsafe(request.answer, 200, body)
