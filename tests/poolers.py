"""Debian's pgbouncer before a PostgreSQL of the tests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.runtime.embedded import Postgres, child_setup, free_port

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")

needed = pytest.mark.skipif(
    PGBOUNCER is None and os.environ.get("CI") != "true", reason="pgbouncer is not installed: apt install pgbouncer"
)

CONFIGURATION = """
[databases]
* = host={sockets} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 300
server_round_robin = {turns}
logfile = {folder}/pgbouncer.log
"""


@contextmanager
def pgbouncer(server: Postgres, folder: Path, mode: str, *, size: int = 60, turns: int = 0) -> Iterator[str]:
    """Yields the start of a URL, to which a database's name is added. Run by PostgreSQL's user: it refuses root."""
    assert PGBOUNCER is not None, "pgbouncer is not installed: apt install pgbouncer"
    port = free_port()
    folder.mkdir()
    folder.chmod(0o777)
    text = CONFIGURATION.format(sockets=server.sockets, port=port, mode=mode, size=size, turns=turns, folder=folder)
    (folder / "pgbouncer.ini").write_text(text)
    process = subprocess.Popen(
        [PGBOUNCER, "-q", str(folder / "pgbouncer.ini")],
        preexec_fn=child_setup.setup(on_parent_death=signal.SIGTERM, user=server.user, reach=server.user is not None),
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
    )  # fmt: skip
    try:
        wait_for(port, process)
        yield f"postgres://earshot@127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert process.poll() is None, "pgbouncer did not start"
            assert time.monotonic() < deadline, "pgbouncer does not listen"
            time.sleep(0.05)
