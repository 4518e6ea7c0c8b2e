from __future__ import annotations

from typing import Any

from console.common.errors import Conflict, DomainError, Invalid


class IllegalMove(Conflict):
    """The row is in a status from which this move is not allowed. Nothing was changed."""

    def __init__(self, target: Any, to: str) -> None:
        super().__init__(f"{target} cannot become {to}: it is {type(target).objects.get(pk=target.pk).status} now.")


class BadContent(Invalid, ValueError):
    """A message that cannot be read. `errors` pairs a JSON pointer with what is wrong there and what to do."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{where}: {what}" for where, what in errors))
        self.errors = errors


class BadTemplate(ValueError):
    """Liquid that cannot be parsed or rendered within its bounds."""


class Busy(DomainError):
    """Nobody is free to do it at this moment. Nothing was changed."""

    status = 503
    code = "busy"


class BadDelivery(ValueError):
    """A delivery id that Earshot never gave out."""


class BadRules(ValueError):
    """Rules that cannot be read: where (a JSON pointer) and what is wrong there."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where or '/'}: {what}")
        self.where, self.what = where, what


class CannotSend(ValueError):
    """A broadcast or campaign that lacks something. `problems` pairs a field with what is missing and what to do."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(what for _, what in problems))
        self.problems = problems


class StaleDraft(Exception):
    """Somebody saved the message since this draft was loaded. Nothing was changed."""


class NameTaken(ValueError):
    """Another one in the workspace has this name. Nothing was changed."""


class InUse(ValueError):
    """It cannot be deleted while others need it; the message names them."""


class Outdated(ValueError):
    """Somebody or something else was faster. Nothing was changed."""
