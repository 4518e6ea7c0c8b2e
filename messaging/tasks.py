"""The clock knocks: one line each, calling a service. All of them may run twice, or at once."""

from __future__ import annotations
