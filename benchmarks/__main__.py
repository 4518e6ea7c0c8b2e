"""`python -m benchmarks [name ...]`: embedded servers on a folder of their own; measure, print, save bench.json."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

NAMES = ["ingest", "queue", "broadcast", "rollup", "metrics", "size"]


def choose(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which of {', '.join(NAMES)}; all by default")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it works, not how fast it is")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    chosen.names = chosen.names or NAMES
    return chosen


def main() -> None:
    chosen = choose(sys.argv[1:])
    if chosen.quick:
        os.environ["BENCH_QUICK"] = "1"
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        os.environ["EARSHOT_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "console.settings"
        from benchmarks.servers import embedded

        with embedded(Path(folder)):
            measure(chosen.names, chosen.json)


def measure(names: Sequence[str], json: Path) -> None:
    import django

    django.setup()
    logging.disable(logging.INFO)  # a line for each page would bury the table
    from django.db import connections

    from benchmarks import rows, world

    ground = world.make()
    found: list[rows.Row] = []
    for name in names:
        for row in importlib.import_module(f"benchmarks.{name}").rows(ground):
            found.append(row)
            rows.show([row])
            rows.save(found, json)
    print()
    rows.show(found)
    connections.close_all()


if __name__ == "__main__":
    main()
