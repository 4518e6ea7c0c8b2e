"""Whether the installation is well: checks that its parts register, for health pages, the admin and `doctor`."""

from __future__ import annotations

from console.health.checks import CHECKS, FAILURES, Trouble, check, report

__all__ = ["CHECKS", "FAILURES", "Trouble", "check", "report"]
