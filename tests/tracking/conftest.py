from __future__ import annotations

import pytest

from tests.tracking.ingest import forget_all
from tests.tracking.log import restart


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    forget_all()
    restart()
