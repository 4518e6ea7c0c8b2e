"""A pytest plugin (`-p tests.servers`): real servers are up before pytest-django reads the settings.

Those of DATABASE_URL and REDIS_URL, or embedded ones in EARSHOT_TEST_DATA (default: a new folder, gone afterwards).
Each worker of pytest-xdist has embedded ones of its own, since Redis' channels are common to all of its databases.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from console.runtime.embedded import embed_for_tests

EMBEDDED = "EARSHOT_TEST_EMBEDDED"  # set for the workers: the servers are the first process's own, and not given
worker = os.environ.get("PYTEST_XDIST_WORKER")

if "EARSHOT_TEST_DATA" in os.environ:
    folder = Path(os.environ["EARSHOT_TEST_DATA"])
else:
    folder = Path(tempfile.mkdtemp(prefix="earshot-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
if worker and EMBEDDED in os.environ:
    folder /= worker
    for setting in os.environ.pop(EMBEDDED).split():
        del os.environ[setting]
elif not worker:
    os.environ[EMBEDDED] = " ".join(name for name in ("DATABASE_URL", "REDIS_URL") if name not in os.environ)
    os.environ["EARSHOT_TEST_DATA"] = str(folder)
os.environ["EARSHOT_DATA"] = str(folder)
embed_for_tests(folder)
