"""A server that webhooks are really posted to, on loopback, in a thread."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Post:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def event_id(self) -> str:
        return str(self.json["event_id"])

    def is_signed_with(self, secret: str) -> bool:
        """As a receiver's own program checks it."""
        signed = b"v0:" + self.headers["x-cio-timestamp"].encode() + b":" + self.body
        wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest(wanted, self.headers["x-cio-signature"])


class Receiver(ThreadingHTTPServer):
    """`answer` decides the status of each post; `posts` are those that were answered or refused."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.answer: Callable[[Post], int] = lambda post: 200
        self.extra: dict[str, str] = {}
        self.answer_body = b"thank you"
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def event_ids(self) -> list[str]:
        return [post.event_id for post in self.posts]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up has their reasons."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        post = Post(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.server.posts.append(post)
        status = self.server.answer(post)
        self.send_response(status)
        for name, value in self.server.extra.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.answer_body)))
        self.end_headers()
        self.wfile.write(self.server.answer_body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    server = Receiver()
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def dripping(every: float, *drops: bytes) -> Iterator[int]:
    """A server that answers each connection with these drops, one `every` so many seconds; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                Thread(target=drip, args=[connection], daemon=True).start()

    def drip(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.recv(65536)
            for drop in drops:
                connection.sendall(drop)
                time.sleep(every)

    Thread(target=serve, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.close()
