from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from tests.console.cast import Cast, make_cast


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Slow hashes are right for people and wrong for four users a test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db: Any) -> Cast:
    cache.clear()  # rate limits and nonces of the test before
    return make_cast()
