"""A copy of the tree to plant mistakes in: the work tree is never touched."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

BUILT = ["static/sdk/earshot.js", "static/sdk/more.js", "static/css/tabler.css"]
INSTALLED = [".venv", "node_modules", "tests/clients/node_modules"]


def copy(root: Path, target: Path) -> None:
    """What Git knows or would take, what is built of it, and links to what is installed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in [*filter(None, listed), *BUILT]:
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)
    for name in INSTALLED:
        if (root / name).is_dir():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).symlink_to(root / name)


class Planted:
    """The mistake is there inside the `with`; afterwards the module is as it was, with its time, so that what Python
    has compiled of it holds.
    """

    def __init__(self, root: Path, path: str, text: str) -> None:
        self.file, self.text = root / path, text

    def __enter__(self) -> None:
        self.before, self.times = self.file.read_bytes(), self.file.stat()
        self.file.write_text(self.text)

    def __exit__(self, *_: object) -> None:
        self.file.write_bytes(self.before)
        os.utime(self.file, ns=(self.times.st_atime_ns, self.times.st_mtime_ns))
