"""Whether connections to the database are kept from one transaction to the next."""

from __future__ import annotations

from console.accounts.services import installation
from console.health.checks import Trouble, check


@check("pooler", needs=("database",))
def pooler() -> Trouble | None:
    wrong = installation.check_pooler()
    return Trouble(wrong, stops=True) if wrong else None
