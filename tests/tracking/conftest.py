from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

from console.accounts.models import Workspace
from tests.people import make_workspace
from tests.tracking.ingest import Caller, forget_all
from tests.tracking.log import restart
from tests.tracking.receiver import Receiver, receiving


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    forget_all()
    restart()


@pytest.fixture
def workspace(db: Any) -> Workspace:
    return make_workspace()


@pytest.fixture
def call(client: Client, workspace: Workspace) -> Caller:
    """A client with a write key of the workspace."""
    return Caller(client, workspace)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A server for webhooks, and leave to reach it."""
    settings.WEBHOOK_ALLOW = [ip_network("127.0.0.0/8")]
    with receiving() as server:
        yield server
