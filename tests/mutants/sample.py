"""Which places come first: as many lines as possible, each with a mistake of another kind."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from tests.mutants.mutant import Place


def in_order(places: Iterable[Place], seed: str) -> list[Place]:
    """All places, shuffled by the seed: one of every line, of a kind by chance, then a second of every line, and so on.

    By places alone half of a sample would be arguments of calls, and most lines would not be asked.
    """
    chance = random.Random(seed)
    lines: dict[tuple[str, int], dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for place in places:
        lines[place.path, place.line][place.operator].append(place)
    rounds: dict[int, list[Place]] = defaultdict(list)
    for kinds in lines.values():
        for turn, place in enumerate(one_of_each_kind_in_turn(list(kinds.values()), chance)):
            rounds[turn].append(place)
    for turn in rounds.values():
        chance.shuffle(turn)
    return [place for turn in sorted(rounds) for place in rounds[turn]]


def one_of_each_kind_in_turn(kinds: list[list[Place]], chance: random.Random) -> Iterable[Place]:
    chance.shuffle(kinds)
    for kind in kinds:
        chance.shuffle(kind)
    while any(kinds):
        yield from (kind.pop() for kind in kinds if kind)
