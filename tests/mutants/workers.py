"""Who runs the tests: for Python a warm worker in its own copy of the tree, for JavaScript Node itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.narrow import ROOT


@dataclass(frozen=True, slots=True)
class Outcome:
    passed: bool
    seconds: float
    output: str


class Worker(Protocol):
    def run(self, tests: list[str], seconds: float, *, write: bool = False) -> Outcome: ...
    def close(self) -> None: ...


class Python:
    """Speaks to tests/mutants/warm.py: a line of JSON each way."""

    def __init__(self, tree: Path, folder: Path) -> None:
        folder.mkdir()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutants.warm", str(folder)],
            cwd=tree,
            env=os.environ | {"PYTHONPATH": f"{tree}:{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.answer()

    def answer(self) -> dict[str, object]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("A worker has ended: see the lines above.")
        return dict(json.loads(line))

    def run(self, tests: list[str], seconds: float, *, write: bool = False) -> Outcome:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"tests": tests, "seconds": seconds, "write": write}) + "\n")
        self.process.stdin.flush()
        answer = self.answer()
        return Outcome(answer["code"] == 0, float(str(answer["seconds"])), str(answer["output"]))

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)


class Node:
    """Node's own runner, in a copy of the tree."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree

    def run(self, tests: list[str], seconds: float, *, write: bool = False) -> Outcome:
        began = time.monotonic()
        process = subprocess.Popen(
            [str(ROOT / "bin/node"), "--test", "--test-force-exit", *tests],
            cwd=self.tree,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
        return Outcome(process.returncode == 0, time.monotonic() - began, output)

    def close(self) -> None:
        """Nothing stays between runs."""
