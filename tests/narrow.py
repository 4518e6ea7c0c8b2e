"""The map from a module to its narrow tests (tests/map.toml), and a command that runs them.

python -m tests.narrow tracking/ingest/parse.py
python -m tests.narrow tests/messaging/test_queue.py
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAP = Path(__file__).parent / "map.toml"


def areas() -> dict[str, dict[str, list[str]]]:
    """By area: a module's path, and the paths of its tests."""
    with MAP.open("rb") as file:
        return tomllib.load(file)


def narrow_tests(path: str) -> list[str]:
    """The narrow tests of a module; a test is its own. Raises `KeyError` for a path that the map does not know."""
    path = path.removeprefix("./")
    if path.startswith("tests/"):
        return [path]
    return {module: tests for area in areas().values() for module, tests in area.items()}[path]


def commands(tests: list[str]) -> list[list[str]]:
    """What runs them: pytest for those in Python, Node's own runner for those in JavaScript."""
    script = [test for test in tests if test.endswith(".js")]
    python = [test for test in tests if not test.endswith(".js")]
    found = []
    if script:
        found.append(["bin/node", "--test", "--test-force-exit", *script])
    if python:
        found.append([sys.executable, "-m", "pytest", *python])
    return found


def main() -> int:
    try:
        tests = narrow_tests(sys.argv[1])
    except KeyError:
        sys.stderr.write(f"tests/map.toml does not name {sys.argv[1]}: add the module and its tests to it.\n")
        return 2
    return max(subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands(tests))


if __name__ == "__main__":
    raise SystemExit(main())
