from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from console.server.together import Rest, Together


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


@given(st.lists(st.integers(1, 3), max_size=40), st.integers(1, 7), st.integers(1, 3))
def test_with_rounds_ahead_everything_is_served_once_in_order(sizes: list[int], most: int, ahead: int) -> None:
    served: list[int] = []
    under_way = [0, 0]

    async def serve(things: list[int]) -> None:
        served.extend(things)
        under_way[0] += 1
        under_way[1] = max(under_way)
        await asyncio.sleep(0)
        under_way[0] -= 1

    async def main() -> None:
        together = Together(serve, most=most, size=lambda thing: thing, ahead=ahead)
        for size in sizes:
            together.add(size)
            await asyncio.sleep(0)
        await together.drain()

    asyncio.run(main())
    assert served == sizes
    assert under_way[1] <= ahead


def test_a_further_round_begins_once_it_would_be_as_large_as_the_one_before() -> None:
    rounds: list[list[int]] = []

    async def main() -> None:
        go_on = asyncio.Event()

        async def serve(things: list[int]) -> None:
            rounds.append(things)
            await go_on.wait()

        async def add(*things: int) -> None:
            for thing in things:
                together.add(thing)
            await asyncio.sleep(0)

        together = Together(serve, most=10, ahead=2)
        await add(1, 2)
        await add(3)
        assert rounds == [[1, 2]]
        await add(4)
        assert rounds == [[1, 2], [3, 4]]
        await add(5, 6, 7)
        assert rounds == [[1, 2], [3, 4]]
        go_on.set()
        await together.drain()

    asyncio.run(main())
    assert rounds == [[1, 2], [3, 4], [5, 6, 7]]


def test_what_is_left_of_a_round_is_done_once_the_next_is_on_its_way() -> None:
    story: list[str] = []

    async def main() -> None:
        async def serve(things: list[int]) -> Rest:
            story.append(f"served {things}")
            await asyncio.sleep(0)
            return lambda: story.append(f"answered {things}")

        together = Together(serve, most=1)
        together.add(1)
        together.add(2)
        await together.drain()

    asyncio.run(main())
    assert story == ["served [1]", "served [2]", "answered [1]", "answered [2]"]
