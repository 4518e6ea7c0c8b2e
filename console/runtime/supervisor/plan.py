"""What `up` was asked to do, from the environment; nothing is started yet."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from console.runtime.embedded.errors import CannotStart

ROOM = 64 << 20  # bytes that must be free at the start
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Plan:
    data: Path
    host: str
    port: int
    workers: int

    @property
    def live_port(self) -> int:
        return self.port + 1

    @property
    def url(self) -> str:
        return os.environ.get("EARSHOT_URL") or f"http://{self.visible_host}:{self.port}"

    @property
    def live_url(self) -> str:
        return os.environ.get("EARSHOT_LIVE_URL") or f"http://{self.visible_host}:{self.live_port}"

    @property
    def near_host(self) -> str:
        """Where this machine itself reaches the web process, whatever the world calls it."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound

    @property
    def visible_host(self) -> str:
        return f"[{self.near_host}]" if ":" in self.near_host else self.near_host


def read() -> Plan:
    """Raises CannotStart with the name of the setting that is wrong."""
    plan = Plan(
        data=data_folder(),
        host=os.environ.get("EARSHOT_HOST") or "127.0.0.1",
        port=number("EARSHOT_PORT", 8000, 1, 65534),
        workers=number("EARSHOT_WORKERS", 1, 1, 64),
    )
    make_folder(plan.data)
    for port in (plan.port, plan.live_port):
        probe(plan, port)
    return plan


def data_folder() -> Path:
    return Path(os.environ.get("EARSHOT_DATA") or ROOT / "data").expanduser().resolve()


def server(name: str) -> str | None:
    """DATABASE_URL or REDIS_URL, from the environment or the file that <name>_FILE names; None: embed one."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name) or None
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise CannotStart(f"{name}_FILE={path} cannot be read ({why}): mend the path, or unset it.") from None


def number(name: str, default: int, least: int, most: int) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise CannotStart(f"{name}={text} is not a number from {least} to {most}: set it to one, or unset it.")
    return int(text)


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark = folder / ".writable"
        mark.touch()
        mark.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise CannotStart(
            f"EARSHOT_DATA={folder} cannot be written ({what}): set it to a folder that you may write to."
        ) from None
    if free < ROOM:
        raise CannotStart(
            f"EARSHOT_DATA={folder}: the disk is full ({free >> 20} MB are free, {ROOM >> 20} are needed): make room."
        )


def probe(plan: Plan, port: int) -> None:
    """Whether the port is free; found out now, and not from a child's log."""
    what = (
        f"EARSHOT_PORT={plan.port}" if port == plan.port else f"EARSHOT_PORT={plan.port} (live uses {port}, the next)"
    )
    family = socket.AF_INET6 if ":" in plan.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((plan.host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotStart(f"{what}: port {port} is busy: set EARSHOT_PORT to a free one.") from None
            why = (error.strerror or str(error)).lower()
            raise CannotStart(
                f"{what}: cannot listen on {plan.host}:{port} ({why}): set EARSHOT_HOST and EARSHOT_PORT."
            ) from None
