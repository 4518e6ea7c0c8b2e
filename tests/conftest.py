from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import stacks


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashing well is slow on purpose; the tests sign in hundreds of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A running Earshot of its own: what `up.json` says of it. One for all that need one."""
    running = stacks.start(tmp_path_factory.mktemp("earshot"))
    yield running.note
    assert running.stop() == 0
