"""One POST, from a checked socket to an answer or to a reason why there is none, within four seconds."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from tracking.webhooks.addresses import Forbidden, checked_socket
from tracking.webhooks.payload import SignedRequest, headers

PATIENCE = 4.0
"""Seconds for everything: the name, the connection, the answer."""
ANSWER = 16_384
"""Bytes of an answer that are read (and not looked at), so that its connection can be used again."""

# Of its own, because a name server that does not answer holds a thread for longer than we wait for it, and asyncio
# would wait for its own threads before it lets go of a loop.
_lookups = ThreadPoolExecutor(32, "webhook-lookup")


@dataclass(frozen=True, slots=True)
class PostResult:
    """`ok`: it answered 2xx. Else `error` is for people to read."""

    ok: bool
    error: str = ""


def session(trust: ssl.SSLContext | None = None) -> aiohttp.ClientSession:
    """For many posts. Certificates are checked against the system's, unless `trust` is given. No proxy, no cookies."""
    connector = aiohttp.TCPConnector(
        resolver=Resolver(), socket_factory=checked_socket, ssl=trust or ssl.create_default_context(), limit=0
    )
    return aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=False
    )


async def post(session: aiohttp.ClientSession, request: SignedRequest) -> PostResult:
    try:
        async with (
            asyncio.timeout(PATIENCE),
            session.post(
                request.url, data=request.body, headers=headers(request, int(time.time())), allow_redirects=False
            ) as answer,
        ):
            await answer.content.read(ANSWER)
            return _judged(answer.status)
    except TimeoutError:
        return PostResult(False, f"No answer within {PATIENCE:.0f} seconds.")
    except Exception as error:  # of whatever kind: what one endpoint does must not end the pass of all
        return PostResult(False, _told(error))


def _judged(status: int) -> PostResult:
    if 200 <= status < 300:
        return PostResult(True)
    if 300 <= status < 400:
        return PostResult(
            False, f"It answered {status}: redirects are not followed. Enter the address that it leads to."
        )
    return PostResult(False, f"It answered {status}.")


def _told(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return f"Its TLS was not accepted: {error}"[:300]
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "Its name is not known to the name server."
    if isinstance(error, aiohttp.ClientConnectorError):
        cause: Any = error.os_error
        if isinstance(cause, Forbidden):
            return str(cause)[:300]
        return f"No connection: {os.strerror(cause.errno) if cause.errno else cause}"[:300]
    if isinstance(error, aiohttp.InvalidURL):
        return "Its address cannot be used. Enter it anew."
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "It closed the connection without an answer."
    return f"Its answer could not be read: {type(error).__name__}"[:300]


class Resolver(AbstractResolver):
    """The system's resolver. What it finds is judged by `checked_socket`."""

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_UNSPEC) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().run_in_executor(
            _lookups, lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        )
        return [
            ResolveResult(hostname=host, host=str(at[0]), port=port, family=kin, proto=protocol, flags=NUMERIC)
            for kin, _, protocol, _, at in found
        ]

    async def close(self) -> None:
        pass


NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
