"""The rule builder: rows of attribute, operator and value, joined by all or any."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from console.common.json_reader import read_json
from messaging.errors import BadRules
from messaging.rules import LABELS, VALUELESS, Op, read

OPERATORS = [(op.value, label) for op, label in LABELS.items()]
LISTS = {Op.IN.value, Op.NOT_IN.value}
ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^",][^,]*)?)(?:,|\Z)')
MAX_DEPTH = 20  # of the JSON; rules themselves have a limit of their own
VALUELESS_OPS = sorted(op.value for op in VALUELESS)


@dataclass
class Row:
    attribute: str = ""
    op: str = "is"
    value: str = ""
    error: str = ""

    @property
    def label(self) -> str:
        return dict(OPERATORS).get(self.op, self.op)

    @property
    def valueless(self) -> bool:
        return self.op in VALUELESS_OPS


class RuleForm:
    """Bound to what was posted, or to rules that are kept. Nested rules, which only the API makes, show as JSON."""

    def __init__(self, rules: Any = None, data: QueryDict | None = None) -> None:
        self.operators, self.error = OPERATORS, ""
        self.join, self.raw, self.rows = "all", "", list[Row]()
        self.rules: dict[str, Any] = {}
        self._kept(rules or {})
        self._untouched = {_shown(row): part for row, part in zip(self.rows, _parts(rules or {}), strict=False)}
        if data is not None:
            self._posted(data)

    def _kept(self, rules: dict[str, Any]) -> None:
        parts = _parts(rules)
        if any("attribute" not in part for part in parts):
            self.raw = json.dumps(rules, indent=2, ensure_ascii=False)
            return
        self.join = "any" if "any" in rules else "all"
        self.rows = [Row(part["attribute"], part["op"], _text(part.get("value", ""))) for part in parts]

    def _posted(self, data: QueryDict) -> None:
        self.join = "any" if data.get("rules_join") == "any" else "all"
        self.raw = data.get("rules_raw", "")
        lists = (data.getlist("rule_attribute"), data.getlist("rule_op"), data.getlist("rule_value"))
        self.rows = [Row(*one) for one in zip(*lists, strict=False)]
        self.rows = [row for row in self.rows if row.attribute.strip() or row.value.strip()]

    def is_valid(self) -> bool:
        try:
            rules = read_json(self.raw, max_depth=MAX_DEPTH) if self.raw.strip() else self._tree()
            read(rules)
        except ValueError as error:  # BadRules or BadJSON
            self._blame(error)
            return False
        self.rules = rules or {}
        return True

    def _tree(self) -> dict[str, Any]:
        return {self.join: [self._leaf(n, row) for n, row in enumerate(self.rows)]} if self.rows else {}

    def _leaf(self, number: int, row: Row) -> dict[str, Any]:
        """What nobody touched stays as it was, whatever a text field cannot show of it: a type, spaces, line breaks."""
        if (kept := self._untouched.get(_shown(row))) is not None:
            return kept
        try:
            return _leaf(row)
        except ValueError as error:
            raise BadRules(f"/{self.join}/{number}/value", str(error)) from None

    def _blame(self, error: ValueError) -> None:
        place = error.where.split("/") if isinstance(error, BadRules) else []
        if not self.raw and len(place) > 2 and place[2].isdigit() and int(place[2]) < len(self.rows):
            self.rows[int(place[2])].error = error.what if isinstance(error, BadRules) else ""
        else:
            self.error = str(error)


def _leaf(row: Row) -> dict[str, Any]:
    leaf: dict[str, Any] = {"attribute": row.attribute.strip(), "op": row.op}
    if row.op in LISTS:
        return leaf | {"value": _list(row.value)}
    return leaf if row.op in VALUELESS_OPS else leaf | {"value": row.value.strip()}


def _parts(rules: dict[str, Any]) -> list[dict[str, Any]]:
    return rules.get("all") or rules.get("any") or []


def _shown(row: Row) -> tuple[str, ...]:
    """As a browser sends it back: a field of one line has no line breaks."""
    return tuple(re.sub(r"[\r\n]", "", text) for text in (row.attribute, row.op, row.value))


def _list(text: str) -> list[str]:
    """Values between commas; one that holds a comma stands in quotes. Raises ValueError."""
    found, at = [], 0
    while at < len(text):
        item = ITEM.match(text, at)
        if item is None:
            raise ValueError('Put quotes around a value that holds a comma: "Acme, Inc.", Umbrella.')
        found.append((item[2] or "").strip() if item[1] is None else item[1].replace('""', '"'))
        at = item.end()
    return [one for one in found if one]


def _quoted(value: Any) -> str:
    text = _text(value)
    if text and text == text.strip() and not any(mark in text for mark in ',"\r\n'):
        return text
    return '"' + text.replace('"', '""') + '"'


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_quoted, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
