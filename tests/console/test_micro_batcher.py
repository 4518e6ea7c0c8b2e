from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from console.runtime.server.micro_batcher import Deferred, MicroBatcher


@given(st.lists(st.integers(1, 5), max_size=30), st.integers(1, 7))
def test_everything_is_served_once_in_order_and_no_batch_is_larger_than_it_must(sizes: list[int], most: int) -> None:
    batches: list[list[int]] = []

    async def serve(items: list[int]) -> None:
        batches.append(items)
        await asyncio.sleep(0)

    async def main() -> None:
        batcher = MicroBatcher(serve, most=most, size=lambda item: item)
        for size in sizes:
            batcher.add(size)
        await batcher.drain()

    asyncio.run(main())
    assert [item for items in batches for item in items] == sizes
    assert all(sum(items[:-1]) < most for items in batches)


def test_what_arrives_during_a_round_goes_together_in_the_next() -> None:
    batches: list[list[int]] = []

    async def main() -> None:
        async def serve(items: list[int]) -> None:
            batches.append(items)
            if len(batches) == 1:
                for item in (2, 3, 4):
                    batcher.add(item)

        batcher = MicroBatcher(serve, most=10)
        batcher.add(1)
        await batcher.drain()

    asyncio.run(main())
    assert batches == [[1], [2, 3, 4]]


def test_a_round_that_fails_does_not_stop_the_next() -> None:
    served: list[int] = []

    async def serve(items: list[int]) -> None:
        if items == [1]:
            raise ValueError("broken")
        served.extend(items)

    async def main() -> None:
        batcher = MicroBatcher(serve, most=1)
        batcher.add(1)
        batcher.add(2)
        await batcher.drain()

    asyncio.run(main())
    assert served == [2]


@given(st.lists(st.integers(1, 3), max_size=40), st.integers(1, 7), st.integers(1, 3))
def test_with_batches_ahead_everything_is_served_once_in_order(sizes: list[int], most: int, ahead: int) -> None:
    served: list[int] = []
    under_way = [0, 0]

    async def serve(items: list[int]) -> None:
        served.extend(items)
        under_way[0] += 1
        under_way[1] = max(under_way)
        await asyncio.sleep(0)
        under_way[0] -= 1

    async def main() -> None:
        batcher = MicroBatcher(serve, most=most, size=lambda item: item, ahead=ahead)
        for size in sizes:
            batcher.add(size)
            await asyncio.sleep(0)
        await batcher.drain()

    asyncio.run(main())
    assert served == sizes
    assert under_way[1] <= ahead


def test_a_further_round_begins_once_it_would_be_as_large_as_the_one_before() -> None:
    batches: list[list[int]] = []

    async def main() -> None:
        go_on = asyncio.Event()

        async def serve(items: list[int]) -> None:
            batches.append(items)
            await go_on.wait()

        async def add(*items: int) -> None:
            for item in items:
                batcher.add(item)
            await asyncio.sleep(0)

        batcher = MicroBatcher(serve, most=10, ahead=2)
        await add(1, 2)
        await add(3)
        assert batches == [[1, 2]]
        await add(4)
        assert batches == [[1, 2], [3, 4]]
        await add(5, 6, 7)
        assert batches == [[1, 2], [3, 4]]
        go_on.set()
        await batcher.drain()

    asyncio.run(main())
    assert batches == [[1, 2], [3, 4], [5, 6, 7]]


def test_what_is_left_of_a_round_is_done_once_the_next_is_on_its_way() -> None:
    story: list[str] = []

    async def main() -> None:
        async def serve(items: list[int]) -> Deferred:
            story.append(f"served {items}")
            await asyncio.sleep(0)
            return lambda: story.append(f"answered {items}")

        batcher = MicroBatcher(serve, most=1)
        batcher.add(1)
        batcher.add(2)
        await batcher.drain()

    asyncio.run(main())
    assert story == ["served [1]", "served [2]", "answered [1]", "answered [2]"]
