"""What people do in the story, and what it is to count as, reckoned without any code of Earshot's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.chaos.client import Item

OPENED, OPENERS, CLICKED, DISMISSED, RESPONSE, RESPONDED, NAMELESS = range(1, 8)
Key = tuple[int, int, int, int, str, str]
DAYS = 3


class People:
    def __init__(self, story: dict[str, Any], luck: Random) -> None:
        self.story, self.luck = story, luck
        self.number = 0
        self.now = datetime.now(UTC)
        self.became: dict[int, int] = {}
        self.strangers = sorted(story["anonymous"])

    def next(self) -> Item:
        """The next thing that somebody does."""
        dice = self.luck.random()
        if dice < 0.03 and self.strangers:
            return self.identified(self.strangers.pop())
        if dice < 0.12:
            return self.refused()
        if dice < 0.2:
            who = f"p{self.luck.randrange(len(self.story['known']))}"
            return Item(self.call("track", userId=who, event="Signed up", properties={"n": self.number}))
        return self.report()

    def call(self, kind: str, **fields: Any) -> dict[str, Any]:
        self.number += 1
        at = self.now - timedelta(minutes=self.luck.uniform(0, DAYS * 24 * 60))
        return {"type": kind, "messageId": f"m{self.number}", "timestamp": at.isoformat(), **fields}

    def identified(self, stranger: str) -> Item:
        """They turn out to be somebody who is known."""
        name, person = self.luck.choice(sorted(self.story["known"].items()))
        self.became[self.story["anonymous"][stranger]] = person
        return Item(self.call("identify", anonymousId=stranger, userId=name, traits={"plan": "pro"}))

    def refused(self) -> Item:
        delivery = self.luck.choice(self.story["deliveries"])
        said, code = self.luck.choice([
            ({"deliveryId": "nonsense", "metric": "opened"}, "unknown_delivery"),
            ({"deliveryId": delivery["token"], "metric": "clicked", "actionId": "nobody"}, "unknown_action"),
            ({"deliveryId": delivery["token"], "metric": "stared"}, "unknown_metric"),
            ({"deliveryId": delivery["token"], "metric": "clicked", "actionName": "x" * 2000}, "too_long"),
        ])  # fmt: skip
        return Item(self.reported(said), expected=code)

    def reported(self, said: dict[str, Any]) -> dict[str, Any]:
        return self.call("track", event="Report Delivery Event", properties=said, userId="p1")

    def report(self) -> Item:
        delivery = self.luck.choice(self.story["deliveries"])
        said: dict[str, Any] = {"deliveryId": delivery["token"]}
        marks: list[tuple[Any, ...]] = [(OPENED, "", "", "delivery"), (OPENERS, "", "", "person")]
        tracked = [one for one in delivery["actions"] if one["tracked"] and not one["dismissal"]]
        dice, action = self.luck.random(), None
        if dice < 0.3:
            said["metric"] = "opened"
        elif dice < 0.75:
            action = self.luck.choice(tracked)
            said |= {"metric": "clicked", "actionId": action["id"], "actionName": action["name"]}
            marks.append((CLICKED, "", "", "delivery"))
        else:
            reason = self.luck.choice(["close", "esc", "timeout", "left"])
            said |= {"metric": "dismissed", "reason": reason}
            marks.append((DISMISSED, "", reason, "delivery"))
            if reason in ("close", "esc"):
                action = {"id": "close", "name": "Dismissed"}
        if action is not None:
            marks += [(RESPONSE, action["id"], action["name"], "person"), (RESPONDED, "", "", "person")]
            if delivery["personal"]:
                marks.append((NAMELESS, action["id"], "", "person"))
        whom = {"delivery": delivery["id"], "person": delivery["person"]}
        item = Item(self.reported(said))
        item.marks = [((*delivery["source"], kind, a, n), entity, whom[entity]) for kind, a, n, entity in marks]
        return item

    def count(self, items: Iterable[Item], day: str | None = None) -> dict[Key, tuple[int, int]]:
        """How often, and of how many; on one UTC day or on all."""
        totals: Counter[Key] = Counter()
        seen: defaultdict[Key, set[int]] = defaultdict(set)
        for item in items:
            if day is None or item.call["timestamp"].startswith(day):
                for key, entity, who in item.marks:
                    totals[key] += 1
                    seen[key].add(self.became.get(who, who) if entity == "person" else who)
        return {key: (totals[key], len(seen[key])) for key in totals}
