from __future__ import annotations


class CannotStart(RuntimeError):
    """Something did not come up. The message is one line: which setting, what is wrong, what to do."""
