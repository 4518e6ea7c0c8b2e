"""The rule builder: rows of attribute, operator and value, joined by all or any."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from messaging.errors import BadRules
from messaging.rules import LABELS, VALUELESS, Op, read

OPERATORS = [(op.value, label) for op, label in LABELS.items()]
LISTS = {Op.IN.value, Op.NOT_IN.value}
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
        if data is not None:
            self._posted(data)
        else:
            self._kept(rules or {})

    def _kept(self, rules: dict[str, Any]) -> None:
        parts = rules.get("all") or rules.get("any") or []
        if any("attribute" not in part for part in parts):
            self.raw = json.dumps(rules, indent=2, ensure_ascii=False)
            return
        self.join = "any" if "any" in rules else "all"
        self.rows = [Row(part["attribute"], part["op"], _text(part.get("value", ""))) for part in parts]

    def _posted(self, data: QueryDict) -> None:
        self.join = "any" if data.get("rules_join") == "any" else "all"
        self.raw = data.get("rules_raw", "")
        lists = (data.getlist("rule_attribute"), data.getlist("rule_op"), data.getlist("rule_value"))
        self.rows = [Row(name.strip(), op, value.strip()) for name, op, value in zip(*lists, strict=False)]
        self.rows = [row for row in self.rows if row.attribute or row.value]

    def is_valid(self) -> bool:
        try:
            rules = json.loads(self.raw) if self.raw.strip() else self._tree()
            read(rules)
        except ValueError as error:  # BadRules, or no JSON
            self._blame(error)
            return False
        self.rules = rules
        return True

    def _tree(self) -> dict[str, Any]:
        return {self.join: [_leaf(row) for row in self.rows]} if self.rows else {}

    def _blame(self, error: ValueError) -> None:
        place = error.where.split("/") if isinstance(error, BadRules) else []
        if not self.raw and len(place) > 2 and place[2].isdigit() and int(place[2]) < len(self.rows):
            self.rows[int(place[2])].error = error.what if isinstance(error, BadRules) else ""
        else:
            self.error = str(error)


def _leaf(row: Row) -> dict[str, Any]:
    leaf: dict[str, Any] = {"attribute": row.attribute, "op": row.op}
    if row.op in LISTS:
        return leaf | {"value": [one.strip() for one in row.value.split(",") if one.strip()]}
    return leaf if row.op in VALUELESS_OPS else leaf | {"value": row.value}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
