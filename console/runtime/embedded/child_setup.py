"""What happens in a child between fork and exec: whom it runs as, and that it dies with its parent (on Linux)."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


def setup(*, on_parent_death: int, user: pwd.struct_passwd | None = None, reach: bool = False) -> Callable[[], None]:
    """A `preexec_fn`. With `user`, become that user; with `reach`, keep root's right to pass through closed folders."""
    parent = os.getpid()

    def run() -> None:
        if user is not None:
            become(user, reach=reach)
        if sys.platform == "linux":  # after the change of user, which clears it
            libc.prctl(PR_SET_PDEATHSIG, on_parent_death, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)
        signal.pthread_sigmask(signal.SIG_SETMASK, set())

    return run


def become(user: pwd.struct_passwd, *, reach: bool) -> None:
    if reach:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    if reach:
        bit = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        wanted = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable
        if libc.capset(header, wanted) or libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0):
            raise OSError(ctypes.get_errno(), "capabilities may not be kept")
