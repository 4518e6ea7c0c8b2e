"""A client on a bad network: requests are lost on the way there or back, doubled, delayed, and so reordered.

What is not acknowledged is sent again, in other company, with the message id and the time it had at first.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

LOST_THERE, LOST_BACK, DOUBLED = 0.07, 0.07, 0.1  # chances
AT_ONCE = 6


@dataclass
class Item:
    call: dict[str, Any]
    expected: str | None = None  # the code of the rejection; None: it is to be accepted
    marks: list[tuple[Any, ...]] = field(default_factory=list)  # what it counts as
    entered: int = 0  # how often it was told that it is new
    verdict: str | None = None

    @property
    def id(self) -> str:
        return str(self.call["messageId"])


class Client:
    def __init__(self, ports: list[int], key: str, seed: int) -> None:
        self.ports, self.key, self.seed = ports, key, seed
        self.lock = threading.Lock()
        self.waiting: list[tuple[float, Item]] = []
        self.under_way = 0
        self.over = threading.Event()
        self.calm = False
        self.statuses: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.threads = [threading.Thread(target=self.run, args=(n,), daemon=True) for n in range(4)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def say(self, item: Item, delay: float = 0.0) -> None:
        with self.lock:
            self.waiting.append((time.monotonic() + delay, item))

    def finish(self, seconds: float) -> bool:
        """From now on the network is good. Whether everything was acknowledged in time."""
        self.calm = True
        deadline = time.monotonic() + seconds
        while (self.waiting or self.under_way) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.over.set()
        for thread in self.threads:
            thread.join(10)
        return not self.waiting and not self.under_way

    def run(self, number: int) -> None:
        luck = Random(self.seed + number)
        while not self.over.is_set():
            group = self.take(luck)
            if not group:
                time.sleep(0.02)
                continue
            try:
                self.attempt(group, luck)
            except Exception as error:  # whatever happens, it is sent again
                self.statuses[type(error).__name__] += 1
            finally:
                for item in group:
                    if item.verdict is None:
                        self.say(item, luck.uniform(0.05, 0.3 if self.calm else 2.0))
                with self.lock:
                    self.under_way -= 1

    def take(self, luck: Random) -> list[Item]:
        """Some of what is due, in no order."""
        with self.lock:
            now = time.monotonic()
            due = [one for one in self.waiting if one[0] <= now]
            chosen = luck.sample(due, min(len(due), luck.randint(1, AT_ONCE)))
            taken = {id(one) for one in chosen}
            self.waiting = [one for one in self.waiting if id(one) not in taken]
            self.under_way += bool(chosen)
            return [item for _, item in chosen]

    def attempt(self, group: list[Item], luck: Random) -> None:
        fate = 1.0 if self.calm else luck.random()
        if fate < LOST_THERE:
            self.statuses["lost there"] += 1
            return
        if fate < LOST_THERE + LOST_BACK:
            self.statuses["lost back"] += 1
            self.post(group, luck, listen=False)
            return
        if fate < LOST_THERE + LOST_BACK + DOUBLED:
            self.hear(group, self.post(group, luck))
        self.hear(group, self.post(group, luck))

    def post(self, group: list[Item], luck: Random, *, listen: bool = True) -> list[dict[str, Any]]:
        link = http.client.HTTPConnection("127.0.0.1", luck.choice(self.ports), timeout=5)
        try:
            body = json.dumps({"batch": [item.call for item in group]})
            link.request("POST", "/v1/batch", body, {"Authorization": f"Bearer {self.key}"})
            if not listen:
                time.sleep(luck.choice([0, 0.001, 0.01]))
                return []
            answer = link.getresponse()
            said = answer.read()
            with self.lock:
                self.statuses[str(answer.status)] += 1
                if answer.status not in (200, 429, 503):
                    self.wrong.append(f"{answer.status}: {said[:300]!r}")
            return list(json.loads(said)["results"]) if answer.status == 200 else []
        finally:
            link.close()

    def hear(self, group: list[Item], results: list[dict[str, Any]]) -> None:
        with self.lock:
            for result in results:
                item = group[result["index"]]
                item.entered += result["verdict"] == "accepted"
                item.verdict = result.get("code", "kept")
                if item.verdict != (item.expected or "kept"):
                    self.wrong.append(f"{item.call}: {result}")
