"""Whom PostgreSQL runs as. It refuses root, so root hands it to a user of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from console.runtime.embedded import child_setup
from console.runtime.embedded.errors import CannotStart

SERVICE_USER = "pgserver"


def user_for(folder: Path) -> pwd.struct_passwd | None:
    """The user to become, or None when we are not root: the owner of an existing folder, else the service user."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and (owner := folder.stat().st_uid):
        try:
            return pwd.getpwuid(owner)
        except KeyError:
            raise CannotStart(
                f"EARSHOT_DATA: {folder} belongs to user number {owner}, who is unknown here: "
                f"make that user, or `chown -R` the folder."
            ) from None
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError:
        return make_service_user()


def make_service_user() -> pwd.struct_passwd:
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    try:
        subprocess.run([useradd, "--system", "--shell", "/bin/false", SERVICE_USER], check=True, capture_output=True)
        return pwd.getpwnam(SERVICE_USER)
    except (OSError, subprocess.CalledProcessError, KeyError):
        raise CannotStart(
            f"PostgreSQL refuses to run as root, and the user {SERVICE_USER} could not be made: "
            f"run Earshot as an ordinary user, or set DATABASE_URL to a server of yours."
        ) from None


def needs_reach(user: pwd.struct_passwd | None, folder: Path, binary: Path) -> bool:
    """Whether `user` cannot come to its folder or binary unaided, as when root's home is closed to others.

    Raises CannotStart where that cannot be helped: the kernel does not let us hand down the right to pass.
    """
    if user is None or can_use(user, folder, binary, reach=False):
        return False
    if can_use(user, folder, binary, reach=True):
        return True
    closed = next((path for path in [*folder.parents, *binary.parents] if not path.stat().st_mode & stat.S_IXOTH), "/")
    raise CannotStart(
        f"EARSHOT_DATA={folder.parent}: the user {user.pw_name}, as whom PostgreSQL runs, may not enter {closed}: "
        f"`chmod o+x {closed}`, move Earshot and EARSHOT_DATA to an open folder, or run as an ordinary user."
    )


def can_use(user: pwd.struct_passwd, folder: Path, binary: Path, *, reach: bool) -> bool:
    setup = child_setup.setup(on_parent_death=9, user=user, reach=reach)
    script = 'cd "$1" && test -w . && "$2" --version'
    try:
        command = ["/bin/sh", "-c", script, "sh", str(folder), str(binary)]
        return subprocess.run(command, preexec_fn=setup, capture_output=True, cwd="/").returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
