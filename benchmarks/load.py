"""Load by wrk (Debian's package `wrk`): one thread, many connections, bodies made by a Lua script."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).parent / "lua"


@dataclass(frozen=True)
class Load:
    """What the generator saw. `requests` were answered with 2xx; `refused` with anything else."""

    requests: int
    seconds: float
    refused: int
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def wrk(url: str, script: str, *, seconds: int = 5, connections: int = 32, **env: str) -> Load:
    """Drive `url` and return the figures. Raises SystemExit with the way to mend it when wrk is not there."""
    binary = shutil.which("wrk")
    if binary is None:
        raise SystemExit("The load generator wrk is not installed: apt-get install wrk.")
    command = [binary, "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(SCRIPTS / script), url]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | env)
    summary = json.loads(run.stdout.strip().splitlines()[-1])
    bad = summary["status"] + summary["socket"]
    return Load(
        summary["requests"] - summary["status"], summary["us"] / 1e6, bad, summary["p50"] / 1e3, summary["p99"] / 1e3
    )
