"""Operators beside mutmut's: guards, statements and decorators that are gone, and mistakes inside SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import libcst as cst
from mutmut.mutation.mutators import mutation_operators, operator_arg_removal, operator_string

Operator = tuple[type, Callable[..., Iterable[cst.CSTNode]]]

SQL = re.compile(r"\b(SELECT|WHERE|FROM|UPDATE|INSERT|DELETE|JOIN|ORDER BY|VALUES|AND|COALESCE|UNION)\b")
SWAPS = [
    (r"_xmin\b", "_xmax"),
    (r"_xmax\b", "_xmin"),
    (r"(?<![<>=!-])<=", "<"),
    (r"(?<![<>=!-])>=", ">"),
    (r"(?<![<>=!@-])<(?![<>=@-])", "<="),
    (r"(?<![<>=!@-])>(?![<>=@-])", ">="),
    (r"(?<![<>=!:])= ", "<> "),
    (r"\bAND\b", "OR"),
    (r"\bOR\b", "AND"),
    (r"\bmin\(", "max("),
    (r"\bmax\(", "min("),
    (r"\bgreatest\(", "least("),
    (r"\bleast\(", "greatest("),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bNOT EXISTS\b", "EXISTS"),
    (r"\bLEFT JOIN\b", "JOIN"),
    (r"\bDISTINCT (?!ON|FROM)", ""),
    (r"\bFOR UPDATE\b", ""),
    (r"\bDESC\b", "ASC"),
    (r"(?<=\w) \+ (?=\w)", " - "),
    (r"(?<=\w) - (?=\w)", " + "),
    (r"\bAND [^()\"']*?(?=\bAND\b|\bORDER\b|\bGROUP\b|\bRETURNING\b|[)\"']|$)", ""),
]


def quoted(node: cst.CSTNode) -> str:
    return node.value if isinstance(node, (cst.SimpleString, cst.FormattedStringText)) else ""


def in_sql(node: cst.SimpleString | cst.FormattedStringText) -> Iterable[cst.CSTNode]:
    """One word or sign of a query at a time: as a string that is no SQL any more, every test would notice it."""
    if not SQL.search(node.value):
        return
    for pattern, instead in SWAPS:
        for found in re.finditer(pattern, node.value):
            yield node.with_changes(value=node.value[: found.start()] + instead + node.value[found.end() :])


def one_string(node: cst.BaseString) -> Iterable[cst.CSTNode]:
    """The first of mutmut's mutants of a string; none of prose, whose wording is no behaviour, nor of SQL."""
    if " " not in quoted(node):
        yield from list(operator_string(node))[:1]


def arguments(node: cst.Call) -> Iterable[cst.CSTNode]:
    if not (isinstance(node.func, cst.Name) and node.func.value in {"len", "isinstance", "cast"}):
        yield from operator_arg_removal(node)


def no_statement(node: cst.Expr) -> Iterable[cst.CSTNode]:
    if isinstance(node.value, (cst.Call, cst.Await)):
        yield cst.Pass()


def a_condition_that_is_sure(node: cst.If) -> Iterable[cst.CSTNode]:
    for value in ("False", "True"):
        yield node.with_changes(test=cst.Name(value))


def no_decorator(node: cst.FunctionDef) -> Iterable[cst.CSTNode]:
    for gone in node.decorators:
        yield node.with_changes(decorators=[kept for kept in node.decorators if kept is not gone])


OPERATORS: list[Operator] = [
    *((kind, way) for kind, way in mutation_operators if way not in (operator_string, operator_arg_removal)),
    (cst.SimpleString, one_string),
    (cst.Call, arguments),
    (cst.SimpleString, in_sql),
    (cst.FormattedStringText, in_sql),
    (cst.Expr, no_statement),
    (cst.If, a_condition_that_is_sure),
    (cst.FunctionDef, no_decorator),
]
