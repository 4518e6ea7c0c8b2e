"""Transactions in a row on one connection: each whole or not at all, whatever becomes of its neighbours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from console.runtime.server import database
from console.runtime.server.pipeline import Pipeline

pytestmark = pytest.mark.django_db(transaction=True)

MAKE = "CREATE TABLE piped (n int PRIMARY KEY, word text NOT NULL CHECK (word <> 'bad'))"
WRITE = "INSERT INTO piped SELECT n, word FROM json_to_recordset($1::json) AS r (n int, word text) RETURNING n::text"
SLOW = "SELECT pg_sleep($1::float8)::text"
ECHO = "SELECT $1::text"


@pytest.fixture(autouse=True)
def _table() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(MAKE)
        yield
        cursor.execute("DROP TABLE piped")


def piped(work: Callable[[Pipeline], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        pipeline = Pipeline(await database.link().connected())
        try:
            return await asyncio.wait_for(work(pipeline), 20)
        finally:
            pipeline.close()

    return asyncio.run(main())


def row(n: int, word: str = "good") -> tuple[str, list[bytes]]:
    return WRITE, [b'[{"n": %d, "word": "%s"}]' % (n, word.encode())]


def kept() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM piped ORDER BY n")
        return [n for (n,) in cursor.fetchall()]


def test_what_is_sent_while_others_are_under_way_is_answered_each_with_its_own() -> None:
    async def work(pipeline: Pipeline) -> Any:
        return await asyncio.gather(*[pipeline.transaction([row(n)]) for n in range(50)])

    assert piped(work) == [[b"%d" % n] for n in range(50)]
    assert kept() == list(range(50))


def test_a_transaction_that_comes_to_nothing_takes_no_other_with_it() -> None:
    async def work(pipeline: Pipeline) -> Any:
        too_much = (WRITE, [b'[{"n": 99999999999}]'])
        every = [pipeline.transaction(what) for what in ([row(1)], [row(2), too_much], [row(3)])]
        return await asyncio.gather(*every, return_exceptions=True)

    first, second, third = piped(work)
    assert (first, third) == ([b"1"], [b"3"])
    assert isinstance(second, psycopg.DataError)
    assert kept() == [1, 3]


def test_the_last_command_says_the_answer() -> None:
    assert piped(lambda pipeline: pipeline.transaction([row(7), (ECHO, [b"over"])])) == [b"over"]


def test_an_error_that_is_nobodys_data_ends_the_connection() -> None:
    async def work(pipeline: Pipeline) -> Any:
        with pytest.raises(psycopg.errors.CheckViolation):
            await pipeline.transaction([row(1, "bad")])
        with pytest.raises(psycopg.errors.OperationalError):
            await pipeline.transaction([row(2)])
        return pipeline.closed

    assert piped(work) is True
    assert kept() == []


def test_a_statement_that_cannot_be_prepared_is_said_and_not_remembered() -> None:
    async def work(pipeline: Pipeline) -> Any:
        with pytest.raises(psycopg.Error):
            await pipeline.transaction([("SELECT $1::no_such_type", [b"1"])])
        return pipeline.closed

    assert piped(work) is True


def test_when_the_connection_is_cut_everything_under_way_fails_and_nothing_hangs() -> None:
    async def work(pipeline: Pipeline) -> Any:
        pid = pipeline.pgconn.backend_pid
        waiting = [asyncio.ensure_future(pipeline.transaction([(SLOW, [b"30"])])) for _ in range(3)]
        await asyncio.sleep(0.1)
        await asyncio.to_thread(cut, pid)
        return await asyncio.gather(*waiting, return_exceptions=True)

    failures = piped(work)
    assert [isinstance(failure, psycopg.OperationalError) for failure in failures] == [True] * 3


def test_closing_again_leaves_the_next_connection_alone_though_it_has_the_same_socket() -> None:
    async def main() -> Any:
        before = Pipeline(await database.link().connected())
        before.close()
        after = Pipeline(await database.link().connected())
        assert after.socket == before.socket
        before.close()
        try:
            return await asyncio.wait_for(after.transaction([(ECHO, [b"heard"])]), 5)
        finally:
            after.close()

    assert asyncio.run(main()) == [b"heard"]


def test_a_parameter_larger_than_any_buffer_goes_through_with_others_behind_it() -> None:
    large = b"x" * 20_000_000

    async def work(pipeline: Pipeline) -> Any:
        return await asyncio.gather(*[pipeline.transaction([(ECHO, [each])]) for each in (large, b"small", large)])

    assert piped(work) == [[large], [b"small"], [large]]


def cut(pid: int) -> None:
    with psycopg.connect(**{k: v for k, v in database.link().conninfo.items() if k != "autocommit"}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
