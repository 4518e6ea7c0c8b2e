"""Our HTTP protocol answers as plain uvicorn does: the same bytes go to both, cut at random, and answers are compared.

10,000 requests, of which each connection sends some in a row without waiting. Heads reach 60 KB, bodies 500 KB.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import random
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from console.runtime.server.protocol import Protocol
from tests.security.serving import served

REQUESTS = 10_000
MOST_IN_A_ROW = 12
METHODS = ("GET", "POST", "POST", "POST", "PUT", "DELETE", "OPTIONS", "HEAD")
PATHS = ("/page", "/hot", "/hot?a=1", "/p%61ge?b=%20", "/declined", "/early")


def echo(method: str, path: str, query: bytes, body: bytes) -> bytes:
    return f"{method} {path} {query!r} {len(body)} {hashlib.md5(body).hexdigest()}".encode()  # noqa: S324


class Application:
    """Says what it was asked. `/hot` is answered by a fast handler where the protocol has them."""

    def __init__(self) -> None:
        self.fast_handlers = {b"/hot": self.answer, b"/declined": lambda request: False}

    def answer(self, request: Any) -> bool:
        request.answer(200, echo("POST", request.path, request.query, request.content), "text/plain")
        return True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        more = scope["path"] != "/early"
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            more = message["more_body"]
        said = echo(scope["method"], scope["path"], scope["query_string"], body)
        length = (b"content-length", b"%d" % len(said))
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": said})


def size(chance: random.Random, most: int) -> int:
    if chance.random() < 0.9:
        return int(most ** chance.random())
    return min(most, chance.choice((0, 1, 65_535, 65_536, 65_537, most)))


def request(chance: random.Random) -> bytes:
    method, path = chance.choice(METHODS), chance.choice(PATHS)
    lines = [f"{method} {path} HTTP/1.1", "Host: x"]
    if chance.random() < 0.2:
        lines += [f"X-Fill-{n}: {'v' * size(chance, 30_000)}" for n in range(2)]
    if method in ("GET", "HEAD", "OPTIONS", "DELETE") and chance.random() < 0.8:
        return "\r\n".join([*lines, "", ""]).encode()
    body = chance.randbytes(size(chance, 500_000))
    if chance.random() < 0.7:
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body
    head = "\r\n".join([*lines, "Transfer-Encoding: chunked", "", ""]).encode()
    trailer = b"X-Trailer: 1\r\n" if chance.random() < 0.3 else b""
    return head + chunked(chance, body) + b"0\r\n" + trailer + b"\r\n"


def chunked(chance: random.Random, body: bytes) -> bytes:
    cuts = sorted(chance.randrange(len(body) + 1) for _ in range(chance.randrange(5)))
    pieces = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece)


def pieces(chance: random.Random, stream: bytes) -> list[bytes]:
    """Most of them cut at a few places; some whole, some in many small ones at the start."""
    cuts = {chance.randrange(len(stream)) for _ in range(chance.choice((0, 1, 3, 10)))}
    if chance.random() < 0.2:
        cuts |= set(range(1, min(200, len(stream)), chance.randrange(1, 30)))
    order = [0, *sorted(cuts), len(stream)]
    return [stream[start:end] for start, end in itertools.pairwise(order)]


async def ask(port: int, sent: list[bytes], methods: list[str]) -> list[tuple[int, bytes]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)

    async def send() -> None:
        for piece in sent:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    sending = asyncio.ensure_future(send())
    answers = []
    for method in methods:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        lines = head.decode("latin-1").lower().split("\r\n")
        [length] = [int(line.partition(":")[2]) for line in lines if line.startswith("content-length")]
        body = b"" if method == "HEAD" else await reader.readexactly(length)
        answers.append((int(lines[0].split()[1]), body))
    await sending
    writer.close()
    return answers


async def compare(seed: int, ours: int, plain: int) -> int:
    chance = random.Random(seed)
    requests = [request(chance) for _ in range(chance.randrange(1, MOST_IN_A_ROW + 1))]
    methods = [one.partition(b" ")[0].decode() for one in requests]
    sent = pieces(chance, b"".join(requests))
    found, expected = await asyncio.gather(ask(ours, sent, methods), ask(plain, sent, methods))
    assert found == expected, f"seed {seed}"
    return len(requests)


async def compare_all(ours: int, plain: int) -> int:
    done = seed = 0
    while done < REQUESTS:
        done += sum(await asyncio.gather(*[compare(seed + n, ours, plain) for n in range(8)]))
        seed += 8
    return done


def test_every_answer_is_the_one_of_plain_uvicorn() -> None:
    application = Application()
    with served(application, Protocol) as ours, served(application, HttpToolsProtocol) as plain:
        assert asyncio.run(compare_all(ours, plain)) >= REQUESTS
