"""Counts."""

from __future__ import annotations

from tracking.rollups import sql
from tracking.services.followers.walk import Piece


def rollup(piece: Piece) -> None:
    sql.roll(piece.after, piece.upto, piece.keys)
