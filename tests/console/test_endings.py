from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from console.server.endings import said_as_last

START = {"type": "http.response.start", "status": 200, "headers": []}


def told(pieces: list[bytes], last: bytes = b"") -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def main() -> None:
        forward = said_as_last(send)
        await forward(START)
        for piece in pieces:
            await forward({"type": "http.response.body", "body": piece, "more_body": True})
        await forward({"type": "http.response.body", "body": last, "more_body": False})

    asyncio.run(main())
    return sent


@given(st.lists(st.binary(max_size=3), max_size=6), st.binary(max_size=3))
def test_all_is_said_in_order_and_the_end_comes_once_with_the_last_of_it(pieces: list[bytes], last: bytes) -> None:
    start, *bodies = told(pieces, last)
    assert start == START
    assert b"".join(message["body"] for message in bodies) == b"".join(pieces) + last
    assert [message["more_body"] for message in bodies] == [True] * (len(bodies) - 1) + [False]
    assert all(message["body"] for message in bodies) or not any([*pieces, last])


def test_a_page_is_one_message_and_its_end() -> None:
    assert told([b"page"]) == [START, {"type": "http.response.body", "body": b"page", "more_body": False}]


def test_a_stream_is_not_gathered() -> None:
    assert len(told([b"a", b"b", b"c"])) == 1 + 3
