"""Half a minute of kills, restarts and a bad network; then everything is let run out and counted.

EARSHOT_CHAOS_SEED repeats what was said and broken (not the moments: threads and machines have their own).
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random, SystemRandom
from typing import Any
from uuid import UUID

import pytest

from tests.chaos.client import Client, Item
from tests.chaos.people import People
from tests.chaos.stack import WEBS, WORKERS, Stack
from tracking.ingest.validate import event_key

pytestmark = pytest.mark.chaos

SECONDS = 14
A_SECOND = 90  # things that happen
BREAKS = [
    ("kill", "web-1"), ("kill", "web-2"), ("kill", "worker-1"), ("kill", "worker-2"), ("kill", "worker-1"),
    ("flush", ""), ("postgres", "fast"), ("postgres", "immediate"),
]  # fmt: skip


@dataclass
class After:
    story: dict[str, Any]
    people: People
    items: list[Item]
    client: Client
    found: dict[str, Any]
    day: str
    judge: str

    @property
    def kept(self) -> list[Item]:
        return [item for item in self.items if item.expected is None]

    def key(self, item: Item) -> str:
        return str(UUID(event_key(self.story["workspace"], item.id)))


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[After]:
    seed = int(os.environ.get("EARSHOT_CHAOS_SEED") or SystemRandom().randrange(10**6))
    print(f"EARSHOT_CHAOS_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    luck = Random(seed)
    stack = Stack(tmp_path_factory.mktemp("chaos"))
    try:
        story = stack.start()
        people = People(story, luck)
        client = Client([stack.ports[name] for name in WEBS], story["write_key"], seed)
        client.start()
        items = break_things(stack, people, client, luck)
        stack.wait_for_webs()
        done = client.finish(40)
        print(dict(client.statuses), f"{len(items)} items")  # noqa: T201
        assert done, f"{len(client.waiting)} items were never acknowledged: {client.statuses}"
        day = (people.now - timedelta(days=1)).date().isoformat()
        found = json.loads(stack.beside("recount", day, str(story["campaign"])))
        yield After(story, people, items, client, found, day, stack.manage("check_counts"))
    finally:
        stack.stop()


def break_things(stack: Stack, people: People, client: Client, luck: Random) -> list[Item]:
    """Say something every moment, break something now and then, and start again what was killed a little later."""
    breaks = luck.sample(BREAKS, len(BREAKS))
    begun = time.monotonic()
    moments = sorted(luck.uniform(1, SECONDS - 1) for _ in breaks)
    back: list[tuple[float, str]] = []
    items: list[Item] = []
    while (passed := time.monotonic() - begun) < SECONDS:
        while len(items) < passed * A_SECOND:
            items.append(people.next())
            client.say(items[-1], luck.choice([0, 0, 0, luck.uniform(0, 4)]))
        for moment, name in list(back):
            if passed > moment:
                back.remove((moment, name))
                stack.spawn(name)
        if moments and passed > moments[0]:
            moments.pop(0)
            what, whom = breaks.pop()
            if what == "flush":
                stack.flush_redis()
            elif what == "postgres":
                stack.restart_postgres(signal.SIGINT if whom == "fast" else signal.SIGQUIT)
            elif whom in stack.running:
                stack.kill(whom)
                back.append((passed + luck.uniform(0.1, 1.5), whom))
        time.sleep(0.02)
    for _, name in back:
        stack.spawn(name)
    assert set(stack.running) == {*WEBS, *WORKERS}
    return items


def test_every_answer_was_the_documented_one(after: After) -> None:
    assert after.client.wrong == []
    assert all(item.verdict == (item.expected or "kept") for item in after.items)


def test_what_was_acknowledged_is_in_the_log_and_nothing_else_is(after: After) -> None:
    log = Counter(after.found["log"])
    assert set(log.values()) == {1}
    assert log.keys() == {after.key(item) for item in after.kept} | set(after.story["log"])


def test_no_call_was_told_twice_that_it_is_new(after: After) -> None:
    assert [item.id for item in after.items if item.entered > 1] == []


def test_the_consumers_caught_up_and_left_no_dead_letter(after: After) -> None:
    assert {(one["rows"], one["dead_letters"]) for one in after.found["lag"]} == {(0, 0)}


def test_the_judge_finds_no_difference(after: After) -> None:
    assert "Every count is what the log says." in after.judge


def test_every_tracked_response_is_kept_once(after: After) -> None:
    responses = after.found["responses"]
    assert len(responses) == len(set(responses)) == after.found["tracked"]
    assert set(responses) == {after.key(item) for item in after.kept if any(m[0][3] == 5 for m in item.marks)}


@pytest.mark.parametrize("scope", ["all", "day"])
def test_the_counts_are_what_was_said(after: After, scope: str) -> None:
    wanted = after.people.count(after.kept, after.day if scope == "day" else None)
    assert {tuple(key): (total, people) for key, total, people in after.found["counts"][scope]} == wanted


def test_everybody_is_who_they_turned_out_to_be(after: After) -> None:
    became = {str(gone): kept for gone, kept in after.people.became.items()}
    assert became
    assert after.found["merged"] == became == after.found["canonical"]


def test_every_event_set_the_campaign_off_once(after: After) -> None:
    triggers = Counter(after.found["triggers"])
    wanted = [after.key(item) for item in after.kept if item.call.get("event") == "Signed up"]
    assert triggers == Counter(wanted)
    assert after.found["sent"] == len(wanted)
