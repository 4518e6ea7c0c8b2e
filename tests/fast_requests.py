"""A request in the server's hands, for tests of fast handlers: what was asked, and the answer to come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

Answer = tuple[int, dict[str, str], Any]


class FastRequest:
    def __init__(self, path: str, content: bytes, headers: Mapping[bytes, str]) -> None:
        self.path, self.content, self.headers = path, content, headers
        self.answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def header(self, name: bytes) -> str:
        return self.headers.get(name, "")

    def answer(self, status: int, body: bytes, content_type: str = "application/json", headers: Any = ()) -> None:
        self.answered.set_result((status, dict(headers), json.loads(body)))
