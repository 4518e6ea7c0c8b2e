"""The keyring of a process that runs Django."""

from __future__ import annotations

from django.conf import settings

from console.accounts.keyring import Keyring
from console.runtime.server import database


class Keys:
    """Made when an event loop first needs it; the endpoints of one process share it."""

    def __init__(self) -> None:
        self.keyring: Keyring | None = None

    def __call__(self) -> Keyring:
        if self.keyring is None:
            self.keyring = Keyring(database.link(), settings.REDIS_URL)
        return self.keyring

    async def close(self) -> None:
        if self.keyring is not None:
            keyring, self.keyring = self.keyring, None
            await keyring.close()
