"""The process that renders: it holds no keys and no connections, and ends when a template asks too much of it."""

from __future__ import annotations

import resource
import signal
import socket
from pathlib import Path
from typing import Any

from messaging.errors import BadTemplate
from messaging.liquid import wire
from messaging.liquid.templates import fill_all, forget, paths_of

CPU_SECONDS = 0.3  # of one job; the kernel ends the process then, whatever it is doing
MEMORY = 50_000_000  # bytes above what the idle process has
IDLE_SECONDS = 60  # without a job, it ends by itself


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent; its end ends this too
    limit_memory()
    connection = socket.socket(fileno=0)
    connection.settimeout(IDLE_SECONDS)
    try:
        while (job := wire.receive(connection)) is not None:
            signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
            answer = answered(job)
            signal.setitimer(signal.ITIMER_PROF, 0)
            wire.send(connection, answer)
    except (TimeoutError, ConnectionError):
        pass


def answered(job: dict[str, Any]) -> dict[str, Any]:
    try:
        try:
            return _work(job)
        except MemoryError:  # what was compiled before may take the room that this one needs
            forget()
            return _work(job)
    except MemoryError:
        return {"error": "The Liquid does too much: it needs too much memory."}
    except BadTemplate as error:
        return {"error": str(error)}


def _work(job: dict[str, Any]) -> dict[str, Any]:
    if "paths" in job:
        return {"paths": paths_of(job["paths"])}
    return {"texts": fill_all(job["fill"], job["data"], job["properties"], lenient=job["lenient"])}


def limit_memory() -> None:
    statm = Path("/proc/self/statm")
    if not statm.exists():  # not Linux, and the limit would not be kept
        return
    data = int(statm.read_text().split()[5]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (data + MEMORY, data + MEMORY))


if __name__ == "__main__":
    main()
