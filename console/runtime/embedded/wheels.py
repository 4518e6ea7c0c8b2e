"""Where a wheel has put its files, without importing it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from console.runtime.embedded.errors import CannotStart


def file_of(package: str, path: str) -> Path:
    spec = find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        if (found := Path(folder) / path).exists():
            return found
    raise CannotStart(f"The package {package} ({path}) is not installed in this environment: run `make run` again.")
