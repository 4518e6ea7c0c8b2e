from __future__ import annotations

import pytest

from tests.chaos.saving import Saved, make_backup


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """A backup, made while calls came in."""
    return make_backup(tmp_path_factory.mktemp("saved") / "data")
