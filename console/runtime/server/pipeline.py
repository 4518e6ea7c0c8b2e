"""Transactions on one connection, each sent without waiting for the one before it: libpq's pipeline mode.

psycopg has a pipeline of its own, and cursors that adapt, parse and fetch whatever may come. Statements of a hot path
have texts for parameters and one text column for an answer, so they need a third of what that costs (0065).
https://www.postgresql.org/docs/current/libpq-pipeline-mode.html
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import AsyncConnection, pq
from psycopg.pq.abc import PGresult

Command = tuple[str, Sequence[bytes]]
"""SQL with $1::json for its parameters, and the parameters as PostgreSQL reads them."""


class Pipeline:
    """Has the connection for itself, until it breaks or is closed."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self.connection = connection
        self.pgconn = connection.pgconn
        self.socket = self.pgconn.socket
        self.loop = asyncio.get_running_loop()
        self.names: dict[str, bytes] = {}
        self.sent: deque[tuple[asyncio.Future[list[PGresult]], list[PGresult]]] = deque()
        self.ended = False
        self.pgconn.enter_pipeline_mode()
        self.loop.add_reader(self.socket, self.read)

    @property
    def closed(self) -> bool:
        return self.pgconn.status != pq.ConnStatus.OK

    async def transaction(self, commands: Sequence[Command]) -> list[bytes]:
        """All of them or none; the first column of what the last one returns. Raises psycopg.Error."""
        try:
            results = await self.send(commands)
            for result in results:
                if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
                    raise error_of(result)
        except psycopg.DataError:
            raise
        except psycopg.Error as error:
            self.close(error)  # whatever it was, what follows begins afresh
            raise
        last = results[-1]
        return [last.get_value(row, 0) or b"" for row in range(last.ntuples)]

    def send(self, commands: Sequence[Command]) -> asyncio.Future[list[PGresult]]:
        named = [(self.prepared(sql), parameters) for sql, parameters in commands]
        for name, parameters in named:
            self.pgconn.send_query_prepared(name, parameters)
        return self.end()

    def prepared(self, sql: str) -> bytes:
        """Its name on this connection. By itself, since what follows a failure in a transaction is not done."""
        name = self.names.get(sql)
        if name is None:
            name = self.names[sql] = name_of(sql)
            self.pgconn.send_prepare(name, sql.encode())
            self.end().add_done_callback(asyncio.Future.exception)  # whoever runs it is told
        return name

    def end(self) -> asyncio.Future[list[PGresult]]:
        """Of a transaction."""
        self.pgconn.pipeline_sync()
        answer: asyncio.Future[list[PGresult]] = self.loop.create_future()
        self.sent.append((answer, []))
        self.write()
        return answer

    def write(self) -> None:
        try:
            unsent = self.pgconn.flush()
        except psycopg.Error as error:
            self.close(error)
            return
        if unsent:
            self.loop.add_writer(self.socket, self.write)
        else:
            self.loop.remove_writer(self.socket)

    def read(self) -> None:
        try:
            self.pgconn.consume_input()
            while self.sent and not self.pgconn.is_busy():
                self.take(self.pgconn.get_result())
        except psycopg.Error as error:
            self.close(error)

    def take(self, result: PGresult | None) -> None:
        """libpq gives nothing after the results of a command, and a mark after those of a transaction."""
        answer, results = self.sent[0]
        if result is None:
            if self.closed:
                raise psycopg.OperationalError("The connection was lost.")
        elif result.status != pq.ExecStatus.PIPELINE_SYNC:
            results.append(result)
        else:
            self.sent.popleft()
            if not answer.done():
                answer.set_result(results)

    def close(self, error: psycopg.Error | None = None) -> None:
        """What was sent and is not answered fails; whether it was done, nobody knows.

        Once: each transaction that failed comes by here, and the next connection may have the socket's number by then.
        """
        if self.ended:
            return
        self.ended = True
        self.loop.remove_reader(self.socket)
        self.loop.remove_writer(self.socket)
        self.pgconn.finish()
        lost = psycopg.OperationalError(f"The connection was closed. {error or ''}")
        for answer, _ in self.sent:
            if not answer.done():
                answer.set_exception(lost)
        self.sent.clear()


def name_of(sql: str) -> bytes:
    """Of the SQL itself, so that not even a connection that was exchanged under us runs another statement by it."""
    return b"earshot_" + hashlib.sha256(sql.encode()).hexdigest()[:32].encode()


def error_of(result: PGresult) -> psycopg.Error:
    """The error that psycopg knows for what PostgreSQL said."""
    said = result.get_error_message()
    try:
        return psycopg.errors.lookup((result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode())(said)
    except KeyError:
        return psycopg.DatabaseError(said)
