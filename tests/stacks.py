"""Real stacks for tests: `manage.py up` as a subprocess, in a folder and on ports of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.runtime.embedded import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds; a busy machine takes its time


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    data: Path
    note: dict[str, Any]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def start(data: Path, *, code: Path = ROOT, **over: str) -> Running:
    """Start a stack and wait until it is ready; what it says goes to `up.log` in the data folder.

    `code`: the folder of the release that is started.
    """
    data.mkdir(parents=True, exist_ok=True)
    (data / "up.json").unlink(missing_ok=True)  # of one that was killed
    with (data / "up.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=code, env=environment(data, **over), stdout=log, stderr=log
        )
    deadline = time.monotonic() + PATIENCE
    while not (data / "up.json").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.terminate()
            raise AssertionError("the stack did not come up:\n" + (data / "up.log").read_text()[-4000:])
        time.sleep(0.1)
    return Running(process, data, json.loads((data / "up.json").read_text()))


def environment(data: Path, **over: str) -> dict[str, str]:
    """This process's, without what points at the test servers."""
    ours = ("DATABASE_URL", "REDIS_URL", "EARSHOT_URL", "EARSHOT_LIVE_URL", "EARSHOT_SAMPLE_WRITE_KEY", "SECRET_KEY")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"EARSHOT_DATA": str(data), "EARSHOT_PORT": str(two_free_ports())} | over


def two_free_ports() -> int:
    """A port that is free together with the next one."""
    return free_port(2)
