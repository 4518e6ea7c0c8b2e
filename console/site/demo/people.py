"""Three hundred and twenty people who take notes. The same every time."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

MANY = 320
NAMES = """Ada Amir Anouk Bela Boris Carla Chen Dalia Darius Eda Emil Farah Felix Goran Greta Hana Hugo Ines Ivo Jana
Jonas Kaya Kofi Lena Luis Maja Milan Nadia Noor Olga Omar Paula Pavel Quinn Rosa Ruben Sara Stefan Tara Tomas Uma
Vera Viktor Wanda Yara Yusuf Zoe Zoran""".split()  # noqa: SIM905 - legible
PLANS = (("free", 50), ("pro", 35), ("team", 15))
COUNTRIES = (("DE", 25), ("US", 22), ("NL", 12), ("FR", 12), ("BR", 10), ("JP", 8), ("IN", 7), ("ZA", 4))


@dataclass(frozen=True)
class Character:
    external_id: str
    first_name: str
    plan: str
    country: str
    notes: int
    joined_at: datetime

    @property
    def paying(self) -> bool:
        return self.plan != "free"

    def luck(self, about: str) -> random.Random:
        """Chances of this person in one matter, the same every time."""
        return random.Random(f"{self.external_id} {about}")  # noqa: S311 - a story, not a secret

    @property
    def traits(self) -> dict[str, object]:
        return {
            "first_name": self.first_name,
            "email": f"{self.first_name.lower()}.{self.external_id[-3:]}@example.com",
            "plan": self.plan,
            "country": self.country,
            "notes": self.notes,
            "joined_at": self.joined_at.isoformat(),
        }


def everybody(today: datetime) -> list[Character]:
    return [one(number, today) for number in range(1, MANY + 1)]


def one(number: int, today: datetime) -> Character:
    luck = random.Random(f"person {number}")  # noqa: S311
    plan = pick(luck, PLANS)
    return Character(
        external_id=f"pica-{number:03}",
        first_name=luck.choice(NAMES),
        plan=plan,
        country=pick(luck, COUNTRIES),
        notes=int(luck.expovariate(1 / (30 if plan == "free" else 140))) + 1,
        joined_at=today - timedelta(days=luck.uniform(31, 300)),
    )


def pick(luck: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return luck.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]
