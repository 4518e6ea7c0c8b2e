"""Rules -> a Q on Person, with the meaning of `matching.matches`.

Every condition is true or false, never unknown, so that its denial is the opposite. The functions `messaging_text`,
`messaging_number` and `messaging_instant` come with a migration; equality uses the index on attributes.
"""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import BooleanField, DecimalField, F, Func, JSONField, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, StrIndex
from django.db.models.lookups import GreaterThan, LessThan

from messaging.common.scalars import twins
from messaging.rules.tree import DENIES, Group, Op, Rule


def where(rules: Group | Rule) -> Q:
    if isinstance(rules, Group):
        return reduce(and_ if rules.every else or_, map(where, rules.parts), Q())
    if rules.op in DENIES:
        return ~_holds(DENIES[rules.op], rules.attribute, rules.value)
    return _holds(rules.op, rules.attribute, rules.value)


def _holds(op: Op, name: str, value: Any) -> Q:
    if op is Op.EXISTS:
        return Q(_Known(_attribute(name)))
    if op is Op.IS:
        return _any_of(name, twins(value))
    if op is Op.IN:
        return _any_of(name, [twin for one in value for twin in twins(one)])
    if op is Op.CONTAINS:
        text = Func(_attribute(name), function="messaging_text", output_field=TextField())
        return _true(GreaterThan(StrIndex(text, Value(str(value))), 0)) | _any_of(name, [[one] for one in twins(value)])
    function = "messaging_instant" if op in (Op.BEFORE, Op.AFTER) else "messaging_number"
    mine = Func(_attribute(name), function=function, output_field=DecimalField())
    theirs = Value(Decimal(value), output_field=DecimalField())
    return _true((GreaterThan if op in (Op.GREATER, Op.AFTER) else LessThan)(mine, theirs))


class _Known(Func):
    template = "COALESCE(jsonb_typeof(%(expressions)s) <> 'null', false)"
    output_field = BooleanField()


def _attribute(name: str) -> Func:
    """Not a KeyTransform: that takes a name like "5" for a place in a list."""
    return Func(F("attributes"), Value(name), template="(%(expressions)s)", arg_joiner=" -> ", output_field=JSONField())


def _any_of(name: str, values: list[Any]) -> Q:
    return reduce(or_, (Q(attributes__contains={name: value}) for value in values), Q())


def _true(condition: Combinable) -> Q:
    return Q(Coalesce(condition, Value(False), output_field=BooleanField()))
