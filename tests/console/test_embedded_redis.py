"""The embedded server in the place of Redis: it reads what the Redis of earlier releases wrote."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from redis import Redis

from console.runtime import embedded
from console.runtime.embedded.redis import is_redis

# `appendonly.aof` of Redis 6.2.14, after BGREWRITEAOF and one more LPUSH.
OF_REDIS_6 = """
UkVESVMwMDA5+glyZWRpcy12ZXIGNi4yLjE0+gpyZWRpcy1iaXRzwED6BWN0aW1lwpTuCGv6CHVzZWQtbWVtwshQDgD6DGFv
Zi1wcmVhbWJsZcAB/gD7AwAMAXoQEAAAAA0AAAACAAABbQPz/w0BaBAQAAAADQAAAAIAAAFhA/L/DgZjZWxlcnkBEhIAAAAK
AAAAAQAABWZpcnN0//8ZYmyB1VverCoyDQokNg0KU0VMRUNUDQokMQ0KMA0KKjMNCiQ1DQpMUFVTSA0KJDYNCmNlbGVyeQ0K
JDYNCnNlY29uZA0K
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "redis"
    folder.mkdir()
    (folder / "appendonly.aof").write_bytes(base64.b64decode(OF_REDIS_6))
    return folder


def kept(folder: Path) -> tuple[object, object, object, str]:
    server, url = embedded.start_redis(folder, embedded.free_port())
    try:
        with Redis.from_url(url, decode_responses=True) as client:
            name = str(client.info("server").get("server_name"))
            return client.lrange("celery", 0, -1), client.hgetall("h"), client.zscore("z", "m"), name
    finally:
        server.stop()


def test_it_reads_the_file_of_redis_6_and_keeps_it_over_the_next_start(folder: Path) -> None:
    for _ in range(2):
        assert kept(folder) == (["second", "first"], {"a": "1"}, 2.0, "valkey")


def test_it_is_known_by_its_process_and_others_are_not(tmp_path: Path) -> None:
    server, _ = embedded.start_redis(tmp_path / "redis", embedded.free_port())
    try:
        assert server.process is not None
        assert is_redis(server.process.pid)
        assert not is_redis(os.getpid())
    finally:
        server.stop()
