"""An HTTP proxy between an app's page and Earshot: it loses, breaks off, delays and answers requests by itself.

It has a port of its own; behind it stands the real stack. It serves two pages besides: `/app`, which carries
the SDK, and `/elsewhere`, which does not. Open them on `localhost`, and they are of another site than Earshot, which is
at 127.0.0.1.
"""

from __future__ import annotations

import http.client
import json
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

APP = """<!doctype html><meta charset="utf-8"><title>An app</title>
<script src="{host}/static/sdk/earshot.js" data-write-key="{key}"></script>
<script>
  const heard = {{ action: [], report: [], sent: [], error: [] }};
  earshot.on("action", ({{ name }}) => heard.action.push(name));
  earshot.on("report", (call) => heard.report.push(call));
  earshot.on("sent", (calls) => heard.sent.push(...calls));
  earshot.on("error", ({{ error }}) => heard.error.push(error));
  earshot.identify(new URLSearchParams(location.search).get("person"));
</script>"""
ELSEWHERE = "<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>"
HOTEL = "<!doctype html><title>Welcome</title><h1>Please accept our terms</h1>"
CORS = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "Retry-After")]
OF_ONE_HOP = {"content-length", "transfer-encoding", "connection", "date", "server"}
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing says RST


@dataclass(frozen=True)
class OwnAnswer:
    """An answer of something on the way. Earshot hears nothing."""

    status: int
    body: str = HOTEL
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Sending:
    """A request to the ingest line, as it came by."""

    batch: list[dict[str, Any]]
    size: int
    began: float
    ended: float = 0.0

    def names(self, message_id: str) -> bool:
        return any(item["messageId"] == message_id for item in self.batch)


@dataclass
class NetworkProxy:
    """`plan` says what happens to the next sendings, one each: `lost`, `unheard` (Earshot has it, the answer is lost),
    `torn` (the answer breaks off), or an `Own` answer. After that they pass, `delay` seconds slower."""

    stack: dict[str, Any]
    down: bool = False
    live_down: bool = False
    delay: float = 0.0
    poll_seconds: int | None = None
    plan: list[str | OwnAnswer] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)
    streams: list[socket.socket] = field(default_factory=list)
    held: threading.Event | None = None

    def __post_init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Passing", (ProxyHandler,), {"proxy": self}))
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.host = f"http://127.0.0.1:{self.port}"
        self.site = f"http://localhost:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def clear(self) -> None:
        """Fair again, with nothing on record."""
        self.down = self.live_down = False
        self.delay, self.poll_seconds = 0.0, None
        self.plan, self.sendings = [], []
        self.release()

    def hold(self) -> None:
        """Sendings are taken and not answered, until they are released, and then lost."""
        self.held = threading.Event()

    def release(self) -> None:
        if self.held:
            self.held.set()
        self.held = None

    def cut_streams(self) -> None:
        for stream in list(self.streams):
            with suppress(OSError):  # it has ended by itself
                stream.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.clear()
        self.cut_streams()
        self.server.shutdown()
        self.server.server_close()


class ProxyHandler(BaseHTTPRequestHandler):
    """HTTP/1.0: a connection for each request, so that what is torn is torn alone."""

    proxy: NetworkProxy

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if self.proxy.down:
            self.reset()
        elif path == "/app":
            self.say(200, APP.format(host=self.proxy.host, key=self.proxy.stack["write_key"]).encode())
        elif path == "/elsewhere":
            self.say(200, ELSEWHERE.encode())
        elif path == "/live/api/v3/sse":
            self.stream()
        elif path.endswith("/settings") and self.proxy.live_down:
            self.reset()
        else:
            self.relay(b"")

    def do_OPTIONS(self) -> None:
        self.reset() if self.proxy.down else self.relay(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.proxy.down:
            self.reset()
        elif self.path == "/v1/b":
            sending = Sending(json.loads(body)["batch"], len(body), time.monotonic())
            self.proxy.sendings.append(sending)
            self.send_on(body, sending)
        else:
            self.relay(body)

    def send_on(self, body: bytes, sending: Sending) -> None:
        proxy = self.proxy
        held, step = proxy.held, proxy.plan.pop(0) if proxy.plan else ""
        time.sleep(proxy.delay)
        if held:
            held.wait(30)
            return self.reset()
        fetched = None if step == "lost" or isinstance(step, OwnAnswer) else self.fetch(body)
        sending.ended = time.monotonic()
        if isinstance(step, OwnAnswer):
            return self.say(step.status, step.body.encode(), [*step.headers, *CORS])
        if fetched is None or step == "unheard":
            return self.reset()
        status, headers, answer = fetched
        self.say(status, answer, headers, written=len(answer) // 2 if step == "torn" else None)

    def relay(self, body: bytes) -> None:
        status, headers, answer = self.fetch(body)
        if self.path.endswith("/settings"):
            answer = json.dumps(json.loads(answer) | {"liveUrl": f"{self.proxy.host}/live"}).encode()
        if self.proxy.poll_seconds:
            slow = ("X-Gist-Queue-Polling-Interval", str(self.proxy.poll_seconds))
            headers = [slow if name.lower() == slow[0].lower() else (name, value) for name, value in headers]
        self.say(status, answer, headers)

    def fetch(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(urlsplit(self.proxy.stack["url"]).netloc, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        return answer.status, kept(answer), said

    def stream(self) -> None:
        if self.proxy.live_down:
            return self.reset()
        behind = http.client.HTTPConnection(urlsplit(self.proxy.stack["live_url"]).netloc)
        behind.request("GET", self.path.removeprefix("/live"))
        both = [self.connection, behind.sock]
        answer = behind.getresponse()
        self.say(answer.status, b"", kept(answer), written=0)
        self.proxy.streams += both
        with suppress(OSError, http.client.HTTPException):  # the page has left, or the stream was cut
            while chunk := answer.read1():
                self.wfile.write(chunk)
        self.proxy.streams = [one for one in self.proxy.streams if one not in both]
        behind.close()

    def say(
        self, status: int, body: bytes, headers: list[tuple[str, str]] | None = None, written: int | None = None
    ) -> None:
        """`written` bytes of it only, and 0: the rest comes later, and nobody knows how much."""
        with suppress(OSError):  # the page has left
            self.send_response(status)
            for name, value in headers or [("Content-Type", "text/html")]:
                self.send_header(name, value)
            if written != 0:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:written])

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        pass


def kept(answer: http.client.HTTPResponse) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.getheaders() if name.lower() not in OF_ONE_HOP]
