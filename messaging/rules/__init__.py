"""Rules on attributes: a tree -> a Q for PostgreSQL, and -> a bool in Python. Tests say that the two are equal."""

from messaging.rules.matching import matches
from messaging.rules.sql import where
from messaging.rules.tree import LABELS, VALUELESS, Group, Op, Rule, read

__all__ = ["LABELS", "VALUELESS", "Group", "Op", "Rule", "matches", "read", "where"]
