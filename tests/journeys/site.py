"""A page of another site than Earshot, served on this machine."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from playwright.sync_api import FrameLocator, Page, expect


class Site(ThreadingHTTPServer):
    """One page of another site than Earshot, with headers as a test wants them."""

    body = ""
    headers: ClassVar[dict[str, str]] = {}

    def open(self, page: Page, body: str, **headers: str) -> None:
        self.body, Site.headers = body, headers
        page.goto(f"http://localhost:{self.server_port}/")


class Answer(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": "text/html", **self.server.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body.encode())

    def log_message(self, *_: Any) -> None:
        pass


def ready(page: Page, step: str = "s1") -> FrameLocator:
    frame = page.frame_locator("dialog iframe")
    expect(frame.locator(f"[data-ready][data-step={step}]")).to_be_visible(timeout=20_000)
    return frame
