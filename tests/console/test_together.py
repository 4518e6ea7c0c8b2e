from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from console.server.together import Together


@given(st.lists(st.integers(1, 5), max_size=30), st.integers(1, 7))
def test_everything_is_served_once_in_order_and_no_round_is_larger_than_it_must(sizes: list[int], most: int) -> None:
    rounds: list[list[int]] = []

    async def serve(things: list[int]) -> None:
        rounds.append(things)
        await asyncio.sleep(0)

    async def main() -> None:
        together = Together(serve, most=most, size=lambda thing: thing)
        for size in sizes:
            together.add(size)
        await together.drain()

    asyncio.run(main())
    assert [thing for things in rounds for thing in things] == sizes
    assert all(sum(things[:-1]) < most for things in rounds)


def test_what_arrives_during_a_round_goes_together_in_the_next() -> None:
    rounds: list[list[int]] = []

    async def main() -> None:
        async def serve(things: list[int]) -> None:
            rounds.append(things)
            if len(rounds) == 1:
                for thing in (2, 3, 4):
                    together.add(thing)

        together = Together(serve, most=10)
        together.add(1)
        await together.drain()

    asyncio.run(main())
    assert rounds == [[1], [2, 3, 4]]


def test_a_round_that_fails_does_not_stop_the_next() -> None:
    served: list[int] = []

    async def serve(things: list[int]) -> None:
        if things == [1]:
            raise ValueError("broken")
        served.extend(things)

    async def main() -> None:
        together = Together(serve, most=1)
        together.add(1)
        together.add(2)
        await together.drain()

    asyncio.run(main())
    assert served == [2]
