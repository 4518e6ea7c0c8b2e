"""The one door of messaging: frozen values in, frozen values out. Tracking knows no other."""

from __future__ import annotations

from messaging.errors import BadDelivery
from messaging.tokens import read_token, write_token
from messaging.values import ActionRef, DeliveryRef, Heard, Merge, Outcome, Source, UseRef

__all__ = [
    "ActionRef",
    "BadDelivery",
    "DeliveryRef",
    "Heard",
    "Merge",
    "Outcome",
    "Source",
    "UseRef",
    "read_token",
    "write_token",
]
