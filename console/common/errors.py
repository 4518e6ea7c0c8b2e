"""What any room may refuse with; `console.common.problems` and the pages know how to say it."""

from __future__ import annotations


class DomainError(Exception):
    """Nothing was changed. The message says what is wrong and what to do."""

    status = 400
    code = "bad_request"


class Conflict(DomainError):
    """Right in itself, but not in the state things are in now."""

    status = 409
    code = "conflict"


class Invalid(DomainError):
    """A shape that cannot be read. `errors` pairs a JSON pointer with what is wrong there."""

    status = 422
    code = "invalid"
    errors: list[tuple[str, str]] = []
