"""A pytest plugin (`-p tests.servers`): real servers are up before pytest-django reads the settings.

Those of DATABASE_URL and REDIS_URL, or embedded ones in EARSHOT_TEST_DATA (default: a new folder, gone
afterwards). Workers of pytest-xdist inherit the environment, and so the servers, of the first process.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from console.embedded import embed_for_tests

if "EARSHOT_TEST_DATA" in os.environ:
    folder = Path(os.environ["EARSHOT_TEST_DATA"])
else:
    folder = Path(tempfile.mkdtemp(prefix="earshot-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["EARSHOT_TEST_DATA"] = os.environ["EARSHOT_DATA"] = str(folder)
embed_for_tests(folder)
