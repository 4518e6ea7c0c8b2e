"""What must stay small: the SDK on the wire, and the whole stack at rest."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.rows import Row, under
from benchmarks.servers import ROOT
from benchmarks.sizes import size
from benchmarks.world import World
from console.runtime.embedded import free_port

AT_REST = size("AT_REST", 20, 5)  # seconds after the start


def rows(_: World) -> Iterator[Row]:
    if subprocess.run([ROOT / "bin/npm", "run", "--silent", "build:sdk"], cwd=ROOT, check=False).returncode:
        raise SystemExit("The SDK cannot be built: run `make setup-dev`, which fetches what builds it.")
    sdk = len(gzip.compress((ROOT / "static/sdk/earshot.js").read_bytes(), 9))
    yield under("SDK, gzipped", "bytes", sdk, 8192)
    started, shares, residents, processes = stack_at_rest()
    yield under("first start to a usable page", "s", started, 60)
    yield under("memory of the whole stack at rest, shared pages once", "MB", shares, 512, f"{processes} processes")
    yield Row("the same, summed resident set sizes", residents, "MB", note="counts shared pages in every process")


def stack_at_rest() -> tuple[float, float, float, int]:
    """Seconds to the first page, then PSS and RSS in MB over all processes of `manage.py up`, and how many."""
    with tempfile.TemporaryDirectory(prefix="earshot-rest-") as folder:
        environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        environment |= {"EARSHOT_DATA": folder, "EARSHOT_PORT": str(free_port())}
        start = time.perf_counter()
        up = subprocess.Popen([sys.executable, "manage.py", "up"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            while not (Path(folder) / "up.json").exists():
                if up.poll() is not None:
                    raise SystemExit("manage.py up ended while it was measured.")
                time.sleep(0.1)
            started = time.perf_counter() - start
            time.sleep(AT_REST)
            family = [psutil.Process(up.pid), *psutil.Process(up.pid).children(recursive=True)]
            family += servers_on(Path(folder), known={p.pid for p in family})
            figures = [process.memory_full_info() for process in family]
            pss, rss = (sum(getattr(f, kind) for f in figures) / 2**20 for kind in ("pss", "rss"))
            return started, pss, rss, len(family)
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(60)


def servers_on(folder: Path, known: set[int]) -> list[psutil.Process]:
    """The embedded PostgreSQL's processes: no children of ours where it runs under its own user."""
    pid_file = folder / "postgres" / "postmaster.pid"
    if not pid_file.exists():
        return []
    postmaster = psutil.Process(int(pid_file.read_text().split()[0]))
    return [p for p in (postmaster, *postmaster.children(recursive=True)) if p.pid not in known]
