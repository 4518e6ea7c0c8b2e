"""Tracked Responses: what was counted, laid over what could have been: message > question > action name.

Every action that had Track clicks on in any version has its row, with zero responses too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from messaging.public import ActionRef, SnapshotRef
from tracking.metrics import numbers, ratings
from tracking.metrics.tally import Counted, Tally
from tracking.rollups.models import SubjectKind
from tracking.rollups.read import NAMES

LONGEST_TAIL = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One action name. With `names`, a template that opens out into its rendered names; `more` are not listed (and
    when `endless`, yet more are not even told apart).
    """

    message_id: int
    action_id: str
    name: str
    total: int
    people: int | None
    rate: float | None
    share: float | None
    dismissal: bool = False
    note: str = ""
    value: str = ""
    varies: bool = False
    names: tuple[Row, ...] = ()
    more: int = 0
    more_total: int = 0
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A rating or choice: its options in their order. `score` is as `ratings.SCORES` says; a choice has none."""

    message_id: int
    id: str
    title: str
    scale: str
    rows: tuple[Row, ...]
    total: int
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    id: int
    name: str
    openers: int
    total: int
    people: int
    rate: float | None
    entries: tuple[Row | Question, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A row to be: an action under one name, and the versions that had it."""

    action: ActionRef
    versions: tuple[int, ...]
    varies: bool
    note: str


def tracked(tally: Tally, snapshots: Sequence[SnapshotRef]) -> tuple[Message, ...]:
    """The messages of a source, the newest snapshot's first."""
    everything = numbers.responses(tally)
    newest = sorted(snapshots, key=lambda snapshot: (snapshot.version, snapshot.id), reverse=True)
    by_message: dict[int, list[SnapshotRef]] = defaultdict(list)
    for snapshot in newest:
        by_message[snapshot.message_id].append(snapshot)
    for count in tally.of(SubjectKind.RESPONSE):
        by_message[count.message_id]  # a message whose snapshots are gone keeps its numbers
    return tuple(_message(id, snapshots, tally.about(id), everything) for id, snapshots in by_message.items())


def _message(id: int, snapshots: list[SnapshotRef], tally: Tally, everything: int) -> Message:
    openers, people = numbers.openers(tally), numbers.respondents(tally)
    rows = tuple(_rows(id, slots(snapshots), tally, openers, everything))
    return Message(
        id=id,
        name=snapshots[0].message_name if snapshots else f"message {id}",
        openers=openers,
        total=numbers.responses(tally),
        people=people,
        rate=numbers.rate(people, openers),
        entries=tuple(_grouped(id, rows)),
    )


def slots(snapshots: list[SnapshotRef]) -> list[Slot]:
    """Every (action, name) that was ever tracked, those of the newest snapshot first; `snapshots` are newest first."""
    current = {action.id: action for action in snapshots[0].actions} if snapshots else {}
    found: dict[tuple[str, str], tuple[ActionRef, bool, list[int]]] = {}
    for snapshot in snapshots:
        for action in snapshot.actions:
            if action.tracked:
                varies = snapshot.personal and any(mark in action.name for mark in ("{{", "{%"))
                found.setdefault((action.id, action.name), (action, varies, []))[2].append(snapshot.version)
    return [
        Slot(action, tuple(sorted(set(versions))), varies, _note(action, sorted(set(versions)), current.get(action.id)))
        for action, varies, versions in found.values()
    ]


def _note(action: ActionRef, versions: list[int], now: ActionRef | None) -> str:
    """What became of it since: nothing, or removed, renamed, or no longer tracked."""
    first, last = versions[0], versions[-1]
    had = f"v{first}" if first == last else f"v{first}-v{last}"
    if now is None:
        return f"{had}, removed"
    if not now.tracked:
        return f"{had}, no longer tracked"
    return "" if now.name == action.name else f"{had}, now “{now.name}”"


def _rows(
    message_id: int, slots: list[Slot], tally: Tally, openers: int, everything: int
) -> Iterable[tuple[Slot | None, Row]]:
    counted = {(count.action_id, count.name): count for count in tally.of(SubjectKind.RESPONSE)}
    together = {count.action_id: count for count in tally.of(SubjectKind.NAMELESS)}

    def row(action_id: str, name: str, total: int, people: int | None) -> Row:
        return Row(
            message_id,
            action_id,
            name,
            total,
            people,
            numbers.rate(people, openers),
            numbers.share(total, everything),
        )

    def plain(action_id: str, name: str) -> Row:
        count = counted.pop((action_id, name), None)
        return row(action_id, name, count.total if count else 0, count.distinct if count else 0)

    fixed = {
        (slot.action.id, slot.action.name): plain(slot.action.id, slot.action.name) for slot in slots if not slot.varies
    }
    for slot in slots:
        action = slot.action
        if not slot.varies:
            made = fixed[action.id, action.name]
        else:
            rendered = [counted.pop(key) for key in [key for key in counted if key[0] == action.id]]
            names = _longest_first(rendered)
            total, people = _together(rendered, together.get(action.id))
            listed = names[:LONGEST_TAIL]
            made = replace(
                row(action.id, action.name, total, people),
                varies=True,
                names=tuple(row(action.id, count.name, count.total, count.distinct) for count in listed),
                more=len(names) - len(listed),
                more_total=total - sum(count.total for count in listed),
                endless=len(names) >= NAMES,
            )
        yield slot, replace(made, dismissal=action.dismissal, note=slot.note, value=action.value)
    for action_id, name in list(counted):  # of a snapshot that is gone
        yield None, replace(plain(action_id, name), note="removed")


def _longest_first(counts: list[Counted]) -> list[Counted]:
    return sorted(counts, key=lambda count: (-count.total, count.name))


def _together(rendered: list[Counted], together: Counted | None) -> tuple[int, int | None]:
    """Total and people under all names of an action: counted as such, or plain where there is nothing to add up."""
    if together:
        return together.total, together.distinct
    people = sum(count.distinct for count in rendered)
    return sum(count.total for count in rendered), people if len(rendered) < 2 else None


def _grouped(message_id: int, rows: tuple[tuple[Slot | None, Row], ...]) -> Iterable[Row | Question]:
    """Options of one question come together where its first option stands; the rest as it is, dismissals last."""
    questions: dict[str, list[tuple[ActionRef, Row]]] = defaultdict(list)
    for slot, row in rows:
        if slot and slot.action.group:
            questions[slot.action.group].append((slot.action, row))
    late: list[Row] = []
    done: set[str] = set()
    for slot, row in rows:
        group = slot.action.group if slot else ""
        if group and group not in done:
            done.add(group)
            yield _question(message_id, group, questions[group])
        elif not group and row.dismissal:
            late.append(row)
        elif not group:
            yield row
    yield from late


def _question(message_id: int, group: str, options: list[tuple[ActionRef, Row]]) -> Question:
    first, rows = options[0][0], tuple(row for _, row in options)
    points: dict[int, int] = defaultdict(int)
    if first.scale != "choice":
        rows = tuple(sorted(rows, key=lambda row: (_point(row.value) is None, _point(row.value) or 0)))
        for row in rows:
            if (point := _point(row.value)) is not None:
                points[point] += row.total
    score = ratings.SCORES.get(first.scale)
    return Question(
        message_id,
        group,
        first.question,
        first.scale,
        rows,
        sum(row.total for row in rows),
        score.of(points) if score else None,
    )


def _point(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() else None
