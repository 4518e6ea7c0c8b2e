"""The people whom a batch of calls speaks of, in memory: read with three queries, written with a handful."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count

from messaging.people import attributes
from messaging.people.models import AnonymousId, Person
from messaging.values import Merge

MOST_SELVES = 1000
"""Rows that one person was before. Each makes their queue a little slower, and anybody can make one more."""


@dataclass(slots=True, eq=False)
class PersonState:
    """A person as the calls so far leave them: no id until saved; `into` is who they turned out to be."""

    external_id: str | None
    attributes: dict[str, Any] = field(default_factory=dict)
    id: int | None = None
    into: PersonState | None = None
    changed: bool = False

    def learn(self, traits: Mapping[str, Any]) -> str | None:
        """A shallow merge; null removes. Or nothing at all, and what would have been too much."""
        learnt = {**self.attributes, **traits}
        learnt = {name: value for name, value in learnt.items() if value is not None}
        if learnt == self.attributes and self._types(learnt) == self._types(self.attributes):
            return None
        if wrong := attributes.outgrown(self.attributes, learnt):
            return wrong
        self.attributes, self.changed = learnt, True
        return None

    @staticmethod
    def _types(attributes: Mapping[str, Any]) -> list[type]:
        return [type(attributes[name]) for name in sorted(attributes)]  # 1 == True, and is another thing

    @property
    def now(self) -> PersonState:
        return self if self.into is None else self.into.now


class PersonBatch:
    def __init__(self, workspace_id: int, known_ids: Iterable[str], anonymous_ids: Iterable[str]) -> None:
        self.workspace_id = workspace_id
        self._states: list[PersonState] = []
        self._links_changed: set[str] = set()
        self._merged: list[PersonState] = []
        self._selves: dict[int, int] | None = None
        self._gained: Counter[PersonState] = Counter()
        self._gained_deliveries: list[PersonState] = []
        self._load(set(known_ids), set(anonymous_ids))

    def _load(self, known_ids: set[str], anonymous_ids: set[str]) -> None:
        people = Person.objects.filter(workspace=self.workspace_id)
        links = dict(
            AnonymousId.objects.filter(workspace=self.workspace_id, anonymous_id__in=anonymous_ids).values_list(
                "anonymous_id", "person_id"
            )
        )
        rows = {row.pk: row for row in people.filter(external_id__in=known_ids)}
        wanted = set(links.values()) | {row.merged_into for row in rows.values() if row.merged_into}
        while missing := wanted - rows.keys():
            rows |= {row.pk: row for row in people.filter(pk__in=missing)}
            wanted = {row.merged_into for row in rows.values() if row.merged_into}
        made = {pk: PersonState(row.external_id, row.attributes, pk) for pk, row in rows.items()}
        for pk, row in rows.items():
            if row.merged_into:
                made[pk].into = made[row.merged_into]
        self._states = list(made.values())
        self._known = {state.external_id: state for state in self._states if state.external_id is not None}
        self._links = {anonymous_id: made[pk] for anonymous_id, pk in links.items()}

    def known(self, external_id: str) -> PersonState | None:
        found = self._known.get(external_id)
        return found and found.now

    def anonymous(self, anonymous_id: str) -> PersonState | None:
        found = self._links.get(anonymous_id)
        return found and found.now

    def add(self, external_id: str | None) -> PersonState:
        state = PersonState(external_id)
        self._states.append(state)
        if external_id is not None:
            self._known[external_id] = state
        return state

    def name(self, state: PersonState, external_id: str) -> None:
        """Somebody anonymous becomes known under an id that nobody had."""
        state.external_id, state.changed = external_id, True
        self._gained_deliveries.append(state)
        self._known[external_id] = state

    def link(self, anonymous_id: str, state: PersonState) -> None:
        if self.anonymous(anonymous_id) is not state:
            self._links[anonymous_id] = state
            self._links_changed.add(anonymous_id)

    def merge(self, gone: PersonState, kept: PersonState, told: Mapping[str, Any]) -> None:
        """`gone` was `kept` all along. What is known of `kept` wins; `told` is what else may be taken from `gone`."""
        kept.learn({**told, **kept.attributes})
        gone.into = kept
        self._merged.append(gone)
        self._gained_deliveries.append(kept)
        self._gained[kept] += 1

    def full(self, state: PersonState) -> bool:
        """Whether as many were merged into this person as may be."""
        if self._selves is None:  # one question for all of the batch, asked only where somebody is to be merged
            ids = [one.id for one in self._states if one.id is not None and one.into is None]
            rows = Person.objects.filter(workspace=self.workspace_id, merged_into__in=ids).values_list("merged_into")
            self._selves = {int(kept or 0): count for kept, count in rows.annotate(Count("pk"))}
        return self._selves.get(state.id or 0, 0) + self._gained[state] >= MOST_SELVES

    @property
    def gained_deliveries(self) -> set[str]:
        """The ids of those who may have more in their queue now than before: what waited for them as somebody else."""
        return {state.now.external_id for state in self._gained_deliveries if state.now.external_id is not None}

    def save(self) -> list[Merge]:
        """Write what changed; returns the merges of people who had been saved before."""
        self._insert([state for state in self._states if state.id is None and self._needs_row(state)])
        self._update([state for state in self._states if state.changed and state.id is not None])
        merges = [Merge(self.workspace_id, gone.id, gone.now.id) for gone in self._merged if gone.id and gone.now.id]
        if merges:
            _point_at(self.workspace_id, merges)
        self._relink()
        return merges

    @staticmethod
    def _needs_row(state: PersonState) -> bool:
        """Whoever was anonymous, new and merged within one batch leaves no trace; a known id always stays known."""
        return state.into is None or state.external_id is not None

    def _insert(self, states: list[PersonState]) -> None:
        rows = Person.objects.bulk_create(
            Person(workspace_id=self.workspace_id, external_id=state.external_id, attributes=state.attributes)
            for state in states
        )
        for state, row in zip(states, rows, strict=True):
            state.id, state.changed = row.pk, False

    def _update(self, states: list[PersonState]) -> None:
        if not states:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                """UPDATE messaging_person p
                SET external_id = v.external_id, attributes = v.attributes::jsonb, updated_at = now()
                FROM unnest(%s::bigint[], %s::text[], %s::text[]) v(id, external_id, attributes)
                WHERE p.workspace_id = %s AND p.id = v.id""",
                [
                    [state.id for state in states],
                    [state.external_id for state in states],
                    [json.dumps(state.attributes) for state in states],
                    self.workspace_id,
                ],
            )

    def _relink(self) -> None:
        changed = sorted(self._links_changed)
        if not changed:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO messaging_anonymousid (workspace_id, anonymous_id, person_id)
                SELECT %s, v.anonymous_id, v.person_id FROM unnest(%s::text[], %s::bigint[]) v(anonymous_id, person_id)
                ON CONFLICT (workspace_id, anonymous_id) DO UPDATE SET person_id = EXCLUDED.person_id""",
                [self.workspace_id, changed, [self._links[one].now.id for one in changed]],
            )


def _point_at(workspace_id: int, merges: list[Merge]) -> None:
    """Those who are gone, and those who had become them, point at who was kept; so do their browsers.

    Where both were sent the same thing and one of them has not seen it, that one is recalled: nobody sees it twice.
    """
    gone, kept = [merge.gone for merge in merges], [merge.kept for merge in merges]
    with connection.cursor() as cursor:
        for statement in (POINT, LINK, RECALL_GONE, RECALL_KEPT):
            cursor.execute(statement, {"workspace": workspace_id, "gone": gone, "kept": kept})


M = "unnest(%(gone)s::bigint[], %(kept)s::bigint[]) m(gone, kept)"
POINT = f"""UPDATE messaging_person p SET merged_into = m.kept, updated_at = now() FROM {M}
    WHERE p.workspace_id = %(workspace)s AND (p.id = m.gone OR p.merged_into = m.gone)"""  # noqa: S608
LINK = f"""UPDATE messaging_anonymousid a SET person_id = m.kept FROM {M}
    WHERE a.workspace_id = %(workspace)s AND a.person_id = m.gone"""  # noqa: S608
TWIN = """EXISTS (SELECT 1 FROM messaging_delivery twin
    WHERE twin.workspace_id = d.workspace_id AND twin.person_id = {other} AND twin.source_kind = d.source_kind
      AND twin.source_id = d.source_id AND twin.trigger = d.trigger AND twin.state IN ({states}))"""
RECALL = """UPDATE messaging_delivery d SET state = 6 FROM {m}
    WHERE d.workspace_id = %(workspace)s AND d.person_id = {one} AND d.state = 1 AND {twin}"""
RECALL_GONE = RECALL.format(m=M, one="m.gone", twin=TWIN.format(other="m.kept", states="1, 2, 3, 4"))
RECALL_KEPT = RECALL.format(m=M, one="m.kept", twin=TWIN.format(other="m.gone", states="2, 3, 4"))
