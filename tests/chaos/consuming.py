"""A process that follows the log of DATABASE_URL, in small chunks, once it is told to (by a line on stdin).

With the name of a consumer it kills itself as that one has done its work and before it commits.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")


def main() -> None:
    import django

    django.setup()
    from tracking import consumers
    from tracking.consumers import runner
    from tracking.consumers.runner import Consumer, LogRange

    runner.CHUNK = 12

    def deadly(consumer: Consumer) -> Consumer:
        def work(log_range: LogRange) -> None:
            consumer.work(log_range)
            os.kill(os.getpid(), signal.SIGKILL)

        return replace(consumer, work=work)

    chosen = [deadly(one) if one.name in sys.argv[1:] else one for one in consumers.CONSUMERS]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    walked = 0
    while any(one.rows for one in consumers.lag()):
        walked += consumers.catch_up(chosen)
    sys.stdout.write(f"{walked}\n")


if __name__ == "__main__":
    main()
