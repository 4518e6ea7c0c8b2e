"""The commands of `docs/operations.md`, and an installation on which they are run."""

from __future__ import annotations

import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import stacks

PAGE = (stacks.ROOT / "docs" / "operations.md").read_text()
PASSWORD = "a new passphrase for tests"


def commands() -> set[str]:
    """What the page tells to type: its indented lines, and what begins like a command between backticks."""
    lines = re.findall(r"^ {4}(?=\S)(.*)$", PAGE, re.MULTILINE)
    spans = re.findall(r"`((?:python |manage\.py |celery |make )[^`]*)`", PAGE)
    return {found.strip().removeprefix("python ") for found in (*lines, *spans)}


class Day:
    """`data` is of the installation that runs, `copy` is an empty data folder beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data, self.copy = folder / "data", folder / "copy"
        self.backups = folder / "backups"
        self.backups.mkdir(parents=True)

    def words(self, command: str) -> list[str]:
        """As it is typed, with this installation's paths, on loopback and on ports that are free."""
        here = command.replace("/mnt/backups", str(self.backups)).replace("[FILE]", str(self.backups / "today.zip"))
        here = re.sub(r"--host \S+", "--host 127.0.0.1", here)
        here = re.sub(r"--port \d+", lambda _: f"--port {stacks.two_free_ports()}", here)
        first, *rest = shlex.split(here)
        if first == "celery":
            return [sys.executable, "-m", "celery", *rest]
        return [first, *rest] if shutil.which(first) else [sys.executable, "-W", "ignore", first, *rest]

    def run(self, command: str, *more: str, data: Path | None = None, **over: str) -> str:
        """What it prints; it has to end with 0."""
        environment = stacks.environment(data or self.data, **over)
        done = subprocess.run(
            [*self.words(command), *more], cwd=stacks.ROOT, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    def answer(self, command: str, *answers: str) -> None:
        """Run what asks questions, at a terminal."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            self.words(command), cwd=stacks.ROOT, env=stacks.environment(self.data), stdin=theirs, stdout=theirs,
            stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        said = ""
        try:
            for answer in answers:
                while not said.rstrip().endswith(":"):
                    said += os.read(ours, 1024).decode()
                os.write(ours, f"{answer}\n".encode())
                said = ""
            assert process.wait(60) == 0, said
        finally:
            process.kill()
            os.close(ours)

    @contextmanager
    def started(self, command: str, **over: str) -> Iterator[subprocess.Popen[bytes]]:
        """A process that goes on until it is stopped."""
        with (self.folder / "started.log").open("wb") as log:
            environment = stacks.environment(self.data, **over)
            process = subprocess.Popen(
                self.words(command), cwd=stacks.ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield process
        finally:
            os.killpg(process.pid, 15)
            process.wait(60)
