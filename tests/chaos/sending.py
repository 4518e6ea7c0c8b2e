"""A process that sends the outbox of DATABASE_URL once it is told to (by a line on stdin), and says how many tries.

With `dying` it kills itself when the first answer has come, before it is written down.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")


def main() -> None:
    import django

    django.setup()
    from asgiref.sync import sync_to_async

    from tracking.webhooks import sender

    def die(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if "dying" in sys.argv:
        sender.settle = sync_to_async(die)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(f"{sender.send()}\n")


if __name__ == "__main__":
    main()
