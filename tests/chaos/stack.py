"""Servers and processes to be hurt: PostgreSQL, Redis, two webs, two workers, each killed and started again at will."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import redis

from console.runtime.embedded import Postgres, Redis, child_setup, free_port
from console.runtime.supervisor.children import kill_group
from console.runtime.supervisor.run import answers
from tests.stacks import ROOT, environment

WEBS, WORKERS = ("web-1", "web-2"), ("worker-1", "worker-2")
PATIENCE = 90  # seconds; a busy machine takes its time


class Stack:
    """Children die with this process, whatever becomes of it; `stop` ends them in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Postgres(folder / "postgres")  # durable: an acknowledgement is a promise
        self.redis = Redis(folder / "redis", free_port())
        self.ports = {name: free_port() for name in WEBS}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.environment: dict[str, str] = {}

    def start(self) -> dict[str, Any]:
        """Everything up, and a story told; returns what it is about."""
        self.start_servers()
        story = json.loads(self.beside("tell"))
        for name in (*WEBS, *WORKERS):
            self.spawn(name)
        self.wait_for_webs()
        return dict(story)

    def start_servers(self) -> None:
        """PostgreSQL with its tables, and Redis; none of our own processes."""
        self.postgres.start()
        self.redis.start()
        self.environment = environment(
            self.folder,
            DATABASE_URL=self.postgres.url,
            REDIS_URL=self.redis.url,
            DJANGO_SETTINGS_MODULE="console.settings",
            EARSHOT_DEMO="false",
            EARSHOT_LOG_LEVEL="WARNING",
        )
        self.manage("prepare")

    def spawn(self, name: str) -> None:
        """What it says goes to a file beside its data."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self._command(name), env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=child_setup.setup(on_parent_death=signal.SIGTERM), start_new_session=True,
            )  # fmt: skip

    def _command(self, name: str) -> list[str]:
        if name in WEBS:
            return [sys.executable, "-m", "console.runtime.server", "web", "--port", str(self.ports[name])]
        celery = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "console.celery", "--quiet"]
        if name == "beat":
            return [*celery, "beat", "--loglevel", "ERROR", "--schedule", str(self.folder / "beat")]
        return [*celery, "worker",
                "--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle",
                "--without-heartbeat", "--loglevel", "ERROR", "--hostname", name]  # fmt: skip

    def kill(self, name: str) -> None:
        """As the kernel does it when memory is short: at once, with all its children."""
        process = self.running.pop(name)
        kill_group(process.pid)
        process.wait()

    def restart_postgres(self, how: signal.Signals) -> None:
        """SIGINT: the fast shutdown; SIGQUIT: the immediate one, after which it recovers from its log."""
        assert self.postgres.process is not None
        self.postgres.process.send_signal(how)
        self.postgres.process.wait(30)
        self.postgres.start()

    def flush_redis(self) -> None:
        with redis.Redis.from_url(self.redis.url) as client:
            client.flushall()

    def wait_for_webs(self) -> None:
        deadline = time.monotonic() + PATIENCE
        for name in WEBS:
            while not answers("127.0.0.1", self.ports[name], "/readyz"):
                assert time.monotonic() < deadline, f"{name} did not come up:\n{self.said_by(name)}"
                time.sleep(0.2)

    def said_by(self, name: str) -> str:
        """The end of its log, and how the process ended if it did."""
        ended = self.running[name].poll()
        return f"{(self.folder / f'{name}.log').read_text()[-3000:]}\nstatus: {ended}"

    def manage(self, *words: str) -> str:
        return self._run([sys.executable, "-W", "ignore", "manage.py", *words])

    def beside(self, *words: str) -> str:
        return self._run([sys.executable, "-W", "ignore", "-m", "tests.chaos.beside", *words])

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, f"{command[-1]} ended with {done.returncode}:\n{done.stdout}{done.stderr}"[-6000:]
        return done.stdout

    def stop(self) -> None:
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)
        for name, process in list(self.running.items()):
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            self.kill(name)
        self.redis.stop()
        self.postgres.stop()
