"""What the supervisor says to whoever started it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any


def say(text: str, *, level: str = "warning") -> None:
    """One line: plain for a person at a terminal, JSON for a machine that collects logs."""
    if sys.stderr.isatty():
        print(f"earshot: {text}", file=sys.stderr, flush=True)  # noqa: T201
    else:
        line = {"timestamp": datetime.now(UTC).isoformat(), "level": level, "logger": "supervisor", "event": text}
        print(json.dumps(line), file=sys.stderr, flush=True)  # noqa: T201


def refuse(text: str) -> None:
    """One line, and no more."""
    print(f"earshot: {' '.join(text.split())}", file=sys.stderr, flush=True)  # noqa: T201


def administrator(login: dict[str, Any] | None) -> str:
    if login:
        return f"as {login['email']}; make others with: manage.py createsuperuser"
    return "as an administrator; make one with: manage.py createsuperuser"


def banner(note: dict[str, Any], sample: str | None) -> None:
    login = note["login"]
    lines = ["", f"  Earshot is up      {note['url']}/"]
    if login and login["password"]:
        lines.append(f"  Sign in as         {login['email']}  with  {login['password']}")
    elif login:
        lines.append(f"  Sign in as         {login['email']}  with the password you chose")
    lines.append(f"  Administration     {note['url']}/admin/  {administrator(login)}")
    if sample:
        lines.append(f"  The sample app     {sample}")
    lines += ["  Stop it            Ctrl-C (the data is kept)", ""]
    print("\n".join(lines), flush=True)  # noqa: T201
