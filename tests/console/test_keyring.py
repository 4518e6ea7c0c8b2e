"""The keys that a process remembers: for the key alone that was verified, and for a second after its end at most."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import AsyncConnection

from console.accounts import keyring as module
from console.accounts.keyring import Holder, KeyNotCached, Keyring
from console.accounts.models import ApiKey, Workspace
from console.accounts.services import keys, workspaces
from console.runtime.server import database
from tests.people import make_secret_key, make_user, make_workspace, make_write_key

pytestmark = pytest.mark.django_db(transaction=True)
Story = Callable[[Keyring], Awaitable[Any]]


def with_keyring(story: Story, **over: Any) -> Any:
    async def main() -> Any:
        ring = Keyring(database.link(), over.pop("redis_url", settings.REDIS_URL), **over)
        try:
            return await story(ring)
        finally:
            await ring.close()

    return asyncio.run(main())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.01)


def known(ring: Keyring, key: str) -> Holder | None:
    return ring.known(key)


def test_it_tells_whose_a_key_is_and_what_kind() -> None:
    ours, theirs = make_workspace(), make_workspace("Other", signed_people_only=True)
    write, secret = make_write_key(ours), make_secret_key(theirs)

    async def story(ring: Keyring) -> list[Holder | None]:
        return [await ring.find(key) for key in (write, secret, "wk_no", "", "x" * 300)]

    assert with_keyring(story) == [Holder(ours.pk, False, False), Holder(theirs.pk, True, True), None, None, None]


def test_a_key_that_was_not_asked_for_is_not_known() -> None:
    one, other = make_write_key(make_workspace()), make_write_key(make_workspace("Other"))

    async def story(ring: Keyring) -> None:
        await ring.find(one)
        assert known(ring, one) is not None
        for key in (other, one.upper(), one[:-1]):
            with pytest.raises(KeyNotCached):
                ring.known(key)

    with_keyring(story)


def test_many_that_are_asked_for_at_once_are_one_query_on_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    query = Keyring.query

    async def counted(self: Keyring, marks: set[bytes]) -> Any:
        asked.append(len(marks))
        return await query(self, marks)

    monkeypatch.setattr(Keyring, "query", counted)

    async def story(ring: Keyring) -> list[Holder | None]:
        return await asyncio.gather(*[ring.find(f"wk_{n}") for n in range(300)])

    assert with_keyring(story) == [None] * 300
    assert asked == [300]


def test_unknown_keys_take_no_more_room_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNKNOWN", 10)

    async def story(ring: Keyring) -> int:
        await asyncio.gather(*[ring.find(f"wk_{n}") for n in range(50)])
        return len(ring.unknown)

    assert with_keyring(story) == 10


@pytest.mark.parametrize("redis_url", ["", "redis://127.0.0.1:1/0"], ids=["told by Redis", "without Redis"])
def test_a_revoked_key_is_forgotten_with_redis_or_without(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_write_key(make_workspace())
    user = make_user("alice")
    ended: list[str] = []
    if not redis_url:
        monkeypatch.setattr(module, "POLL", 60)

    async def story(ring: Keyring) -> None:
        await ring.find(key)
        await asyncio.sleep(0.3)  # it listens
        await asyncio.to_thread(lambda: keys.revoke(ApiKey.objects.get(), by=user))
        await until(lambda: ended == [key])
        assert await ring.find(key) is None

    with_keyring(story, ended=ended.append, redis_url=redis_url or settings.REDIS_URL)


def test_what_a_workspace_asks_for_is_noticed() -> None:
    workspace = make_workspace()
    key, user = make_write_key(workspace), make_user("alice")

    async def story(ring: Keyring) -> None:
        await ring.find(key)
        await asyncio.to_thread(lambda: workspaces.update(workspace, by=user, signed_people_only=True))
        await until(lambda: known(ring, key) == Holder(workspace.pk, False, True))

    with_keyring(story)


def test_a_key_that_cannot_be_checked_any_more_is_not_believed_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRUST", 0.1)
    key = make_write_key(make_workspace())

    async def away(*_: Any) -> AsyncConnection[Any]:
        raise psycopg.OperationalError("away")

    async def story(ring: Keyring) -> None:
        await ring.find(key)
        monkeypatch.setattr(ring.link, "run", away)
        await asyncio.sleep(0.2)
        with pytest.raises(OSError, match="does not answer"):
            await ring.find(key)

    with_keyring(story)


def test_a_key_that_nobody_uses_is_not_checked_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE", 0.1)
    monkeypatch.setattr(module, "POLL", 0.05)
    key = make_write_key(make_workspace())

    async def story(ring: Keyring) -> None:
        await ring.find(key)
        await until(lambda: not ring.entries)

    with_keyring(story)
    assert Workspace.objects.exists()
