"""A few processes that render, started when first needed, replaced when one ended."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from messaging.errors import BadTemplate, Busy
from messaging.liquid import wire

SIZE = 2
NICE = 15  # whoever waits for a page or an acknowledgement goes first
WAIT_SECONDS = 2.0  # for one of them to be free
ANSWER_SECONDS = 10.0  # of the clock, not of work: only a process that was stopped takes that long
ROOT = Path(__file__).resolve().parents[2]


class Child:
    def __init__(self) -> None:
        self._connection, theirs = socket.socketpair()
        self._connection.settimeout(ANSWER_SECONDS)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "messaging.liquid.child"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=ROOT,
                # No secret of the application is in reach of a template.
                env={"TZ": os.environ.get("TZ", "UTC")},
            )
        os.setpriority(os.PRIO_PROCESS, self._process.pid, NICE)

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, job: Any) -> Any:
        """None when the process has ended."""
        try:
            wire.send(self._connection, job)
            return wire.receive(self._connection)
        except OSError:
            return None

    def end(self) -> int:
        """How it ended: 0, or the signal that ended it as a negative number."""
        self._connection.close()
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


class Pool:
    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self.reset()

    def reset(self) -> None:
        """Also after a fork: the parent's processes are not ours to talk to."""
        self._free: queue.Queue[Child | None] = queue.Queue()
        for _ in range(self._size):
            self._free.put(None)

    def ask(self, job: Any) -> dict[str, Any]:
        """The answer; raises BadTemplate, and Busy when all processes are taken for long."""
        try:
            child = self._free.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise Busy("Too many messages are being made ready at this moment: try again.") from None
        try:
            for _ in range(3):  # one may have ended since its last job, and another be killed from outside
                child = child or Child()
                answer = child.ask(job)
                if answer is not None:
                    break
                ended, child = child.end(), Child()  # it gets ready while others are asked
                if ended == -signal.SIGPROF:
                    break
        finally:
            self._free.put(child)
        if answer is None:
            raise BadTemplate("The Liquid does too much: it takes too long.")
        if "error" in answer:
            raise BadTemplate(answer["error"])
        return dict(answer)


pool = Pool()
previews = Pool(size=1)  # what authors try out never keeps a message waiting that a person is to see
for one in (pool, previews):
    os.register_at_fork(after_in_child=one.reset)
