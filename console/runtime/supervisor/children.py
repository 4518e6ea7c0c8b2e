"""One child of the supervisor: started, watched, started again when it dies, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from console.runtime.embedded import child_setup
from console.runtime.supervisor.terminal import say

FIRST_PAUSE, LONGEST_PAUSE, STEADY = 0.25, 15.0, 30.0  # seconds


@dataclass
class Child:
    name: str
    spawn: Callable[[], subprocess.Popen[bytes]]
    stop_signal: int = signal.SIGTERM
    grace: float = 15.0
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started: float = 0.0
    next_start: float = field(default=0.0)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = self.spawn()

    def watch(self) -> None:
        """Start it again after it died, at once the first time, then ever more slowly."""
        if self.process is not None and self.process.poll() is not None:
            self.bury(self.process)
        if self.process is None and time.monotonic() >= self.next_start:
            try:
                self.start()
            except Exception as error:
                self.deaths += 1
                self.next_start = time.monotonic() + self.pause
                say(f"{self.name} could not be started again, next try in {self.pause:g} s: {error}")

    def bury(self, process: subprocess.Popen[bytes]) -> None:
        if time.monotonic() - self.started > STEADY:
            self.deaths = 0
        self.deaths += 1
        self.next_start = time.monotonic() + self.pause
        kill_group(process.pid)
        self.process = None
        say(f"{self.name} (process {process.pid}) ended with {process.returncode}: again in {self.pause:g} s")

    @property
    def pause(self) -> float:
        return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (self.deaths - 1))

    def stop(self, *, grace: float | None = None) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.grace if grace is None else grace)
            except subprocess.TimeoutExpired:
                say(f"{self.name} did not stop in time and is killed")
        kill_group(self.process.pid)
        self.process.wait()
        self.process = None


def kill_group(leader: int) -> None:
    """What a child left behind (a web server's workers) must not hold its port. Children lead their own groups."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def program(command: list[str], environment: dict[str, str], cwd: str) -> Callable[[], subprocess.Popen[bytes]]:
    def spawn() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env=environment,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            preexec_fn=child_setup.setup(on_parent_death=signal.SIGTERM),
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops things in order
        )

    return spawn
