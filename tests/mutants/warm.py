"""A worker (`python -m tests.mutants.warm FOLDER`, in a copy of the tree): runs pytest again and again beside its own
servers, which stay up. Each run is a fork of a process that has imported all libraries, and has a database copied
from one that has all tables. A line of JSON in asks for a run, and a line out says how it ended.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
import redis

KEPT, RUN = "kept", "run"
OPTIONS = [
    "-x",
    "-q",
    "--no-header",
    "--tb=line",
    "-p",
    "no:cacheprovider",
    "--disable-warnings",
    "--hypothesis-seed=0",
]


class KeptDatabase:
    """The database is there before pytest-django would make it, and goes after it."""

    @pytest.fixture(scope="session")
    @classmethod
    def django_db_setup(cls) -> None:
        """Nothing to do."""

    def pytest_configure(self, config: pytest.Config) -> None:
        if not config.pluginmanager.has_plugin("kept-database"):
            config.pluginmanager.register(KeptDatabase(), "kept-database")


class Worker:
    def __init__(self, folder: Path) -> None:
        os.environ["EARSHOT_TEST_DATA"] = str(folder)
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)
        importlib.import_module("tests.servers")
        self.folder, self.url = folder, os.environ["DATABASE_URL"]
        self.prepare()

    def prepare(self) -> None:
        self.admin(f"CREATE DATABASE {KEPT}")
        os.environ["DATABASE_URL"] = self.url_of(KEPT)
        if self.wait(fork(self.migrate), 300) != 0:
            raise SystemExit("The tables cannot be made: see the lines above.")
        for name in pickle.loads((self.folder / "libraries").read_bytes()):  # noqa: S301 - written by our own fork
            with suppress(Exception):
                importlib.import_module(name)

    def migrate(self) -> int:
        import django
        from django.core.management import call_command

        os.environ["DJANGO_SETTINGS_MODULE"] = "console.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        found = [name for name, module in sys.modules.items() if is_library(name, module)]
        (self.folder / "libraries").write_bytes(pickle.dumps(found))
        return 0

    def run(self, tests: list[str], seconds: float, *, write: bool) -> dict[str, Any]:
        """Run the tests; `write` keeps what Python compiles: never of a mutant, whose size and second may recur."""
        self.admin(f"DROP DATABASE IF EXISTS {RUN} WITH (FORCE)")
        self.admin(f"CREATE DATABASE {RUN} TEMPLATE {KEPT}")
        os.environ["DATABASE_URL"] = self.url_of(RUN)
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            client.flushall()
        began = time.monotonic()
        code = self.wait(fork(lambda: self.test(tests, write)), seconds)
        return {"code": code, "seconds": time.monotonic() - began, "output": self.output.read_text(errors="replace")}

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def test(self, tests: list[str], write: bool) -> int:
        sys.dont_write_bytecode = not write
        for number, name in ((1, self.output), (2, self.output)):
            os.dup2(
                os.open(name, os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if number == 1 else os.O_APPEND), 0o600), number
            )
        return int(pytest.main([*OPTIONS, *tests], plugins=[KeptDatabase()]))

    def wait(self, pid: int, seconds: float) -> int | None:
        """The exit code, or None if it took too long. Whatever the run has left behind is ended, too."""
        end = time.monotonic() + seconds
        code = None
        while time.monotonic() < end:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                break
            time.sleep(0.02)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        if code is None:
            os.waitpid(pid, 0)
        return code

    def admin(self, statement: str) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def url_of(self, database: str) -> str:
        return self.url.replace("/earshot?", f"/{database}?")


def fork(work: Any) -> int:
    pid = os.fork()
    if pid:
        return pid
    end_without_farewell(work)


def end_without_farewell(work: Any) -> NoReturn:
    """A fork must not stop its parent's servers at its exit."""
    code = 70
    try:
        os.setsid()
        code = work()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def is_library(name: str, module: Any) -> bool:
    """What may be imported before Django has its settings."""
    place = getattr(module, "__file__", None) or ""
    return "site-packages" in place and not name.startswith("django.contrib") and ".models" not in name


def main() -> None:
    worker = Worker(Path(sys.argv[1]))
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        print(json.dumps(worker.run(ask["tests"], ask["seconds"], write=ask["write"])), flush=True)


if __name__ == "__main__":
    main()
