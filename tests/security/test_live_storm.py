"""A live server that comes back is met by all its clients at once: each is let in."""

from __future__ import annotations

import asyncio
import base64
import resource
from typing import Any
from urllib.parse import urlsplit

CLIENTS = 1000


async def connect(port: int, key: str, number: int) -> tuple[bytes, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    token = base64.b64encode(f"person-{number}".encode()).decode()
    writer.write(f"GET /api/v3/sse?userToken={token}&siteId={key} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return await asyncio.wait_for(reader.readline(), 30), writer


async def storm(port: int, key: str) -> list[bytes]:
    found = await asyncio.gather(*[connect(port, key, number) for number in range(CLIENTS)])
    for _, writer in found:
        writer.close()
    return [status for status, _ in found]


def test_a_thousand_clients_that_come_at_once_are_let_in(stack: dict[str, Any]) -> None:
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(files, 4 * CLIENTS), most), most))
    statuses = asyncio.run(storm(int(urlsplit(stack["live_url"]).port or 0), stack["write_key"]))
    assert set(statuses) == {b"HTTP/1.1 200 OK\r\n"}
