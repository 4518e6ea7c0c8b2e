"""A process that follows the log of DATABASE_URL, in small chunks, once it is told to (by a line on stdin).

With the name of a follower it kills itself as that one has done its work and before it commits.
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
    from tracking.services import followers
    from tracking.services.followers import walk
    from tracking.services.followers.walk import Follower, Piece

    walk.CHUNK = 12

    def deadly(follower: Follower) -> Follower:
        def work(piece: Piece) -> None:
            follower.work(piece)
            os.kill(os.getpid(), signal.SIGKILL)

        return replace(follower, work=work)

    chosen = [deadly(one) if one.name in sys.argv[1:] else one for one in followers.FOLLOWERS]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    walked = 0
    while any(one.rows for one in followers.lag()):
        walked += followers.catch_up(chosen)
    sys.stdout.write(f"{walked}\n")


if __name__ == "__main__":
    main()
