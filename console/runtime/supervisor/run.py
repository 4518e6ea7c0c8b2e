"""Start everything in order, keep it running, stop it in order."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from console.runtime.embedded import CannotStart, Postgres, Redis, free_port, log_files
from console.runtime.supervisor import plan, state_files, terminal
from console.runtime.supervisor.children import Child, program

TICK = 0.2  # seconds between two looks at the children
BETWEEN_ROTATIONS = 60.0  # seconds between two looks at the sizes of logs
PATIENCE = 90.0  # seconds for the web process to be ready


class Stopped(Exception):
    """Somebody asked us to stop."""


def main() -> int:
    signal.signal(signal.SIGTERM, stop_now)
    signal.signal(signal.SIGINT, stop_now)
    signal.signal(signal.SIGHUP, stop_now)
    stack: Stack | None = None
    try:
        chosen = plan.read()
        held = state_files.lock(chosen.data)
        stack = Stack(chosen)
        stack.start()
        stack.watch()
    except Stopped:
        return 0
    except CannotStart as error:
        terminal.refuse(str(error))
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        terminal.refuse(
            f"EARSHOT_DATA={plan.data_folder()} cannot be written ({(error.strerror or '').lower()}): make room."
        )
        return 1
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if stack is not None:
            stack.stop()
            held.close()
    return 0


def stop_now(number: int, frame: FrameType | None) -> None:
    raise Stopped


class Stack:
    def __init__(self, chosen: plan.Plan) -> None:
        self.plan = chosen
        self.note = chosen.data / "up.json"
        self.servers: list[Child] = []
        self.programs: list[Child] = []
        self.logs: list[Path] = []
        self.environment = dict(os.environ) | {
            "EARSHOT_DATA": str(chosen.data),
            "EARSHOT_URL": chosen.url,
            "EARSHOT_LIVE_URL": chosen.live_url,
            "DJANGO_SETTINGS_MODULE": "console.settings",
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),
        }

    def start(self) -> None:
        self.note.unlink(missing_ok=True)
        self.start_servers()
        if len(self.servers) < 2:
            self.once([sys.executable, "-m", "console.runtime.supervisor.server_checks"])
        self.once([sys.executable, "manage.py", "prepare"])
        demo = state_files.read(self.plan.data / "demo.json")
        self.environment["EARSHOT_SAMPLE_WRITE_KEY"] = (
            os.environ.get("EARSHOT_SAMPLE_WRITE_KEY") or demo.get("write_key") or ""
        )
        self.start_programs()
        self.wait_until_ready()
        note = self.describe(demo)
        state_files.write_private(self.note, note)
        terminal.banner(note, f"{self.plan.url}/sample/" if demo else None)

    def start_servers(self) -> None:
        servers: list[tuple[str, str, Postgres | Redis]] = []
        for setting in ("DATABASE_URL", "REDIS_URL"):
            if given := plan.server(setting):
                self.environment[setting] = given
            self.environment.pop(f"{setting}_FILE", None)
        if not plan.server("DATABASE_URL"):
            servers.append(("PostgreSQL", "DATABASE_URL", Postgres(self.plan.data / "postgres")))
        if not plan.server("REDIS_URL"):
            servers.append(("Redis", "REDIS_URL", Redis(self.plan.data / "redis", free_port())))
        for name, setting, server in servers:
            signals = {"PostgreSQL": signal.SIGINT, "Redis": signal.SIGTERM}
            child = Child(name, server.spawn, stop_signal=signals[name], grace=30)
            self.servers.insert(0, child)
            child.start()
            server.wait_until_ready()
            self.environment[setting] = server.url
            self.logs.append(server.log)

    def once(self, command: list[str]) -> None:
        """Run a step to its end; the last line it says on failure is what we say."""
        done = subprocess.Popen(command, cwd=plan.ROOT, env=self.environment, stderr=subprocess.PIPE, text=True)
        try:
            _, said = done.communicate()
        except Stopped:
            done.terminate()
            done.wait(10)
            raise
        if done.returncode:
            lines = said.strip().splitlines() or [f"{command[-1]} ended with {done.returncode}."]
            raise CannotStart(lines[-1])

    def start_programs(self) -> None:
        python, cwd = sys.executable, str(plan.ROOT)
        chosen = self.plan
        serve = [python, "-m", "console.runtime.server"]
        web = [*serve, "web", "--host", chosen.host, "--port", str(chosen.port), "--workers", str(chosen.workers)]
        live = [*serve, "live", "--host", chosen.host, "--port", str(chosen.live_port)]
        worker = [python, "-W", "ignore:You're running the worker with superuser", "-m", "celery",
                  "--app", "console.celery", "--quiet", "worker", "--pool", "threads", "--concurrency", "4",
                  "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]  # fmt: skip
        commands = {"web": web, "live": live, "worker": worker}
        for name, command in commands.items():
            child = Child(name, program(command, self.environment, cwd))
            self.programs.append(child)
            child.start()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        near = self.plan.near_host
        while not (answers(near, self.plan.port, "/readyz") and answers(near, self.plan.live_port, "/healthz")):
            self.look()
            fallen = next((child for child in self.programs if child.deaths > 4), None)
            if fallen or time.monotonic() > deadline:
                who = fallen.name if fallen else "web"
                raise CannotStart(f"The {who} process does not come up; what it said stands above.")
            time.sleep(TICK)

    def describe(self, demo: dict[str, Any]) -> dict[str, Any]:
        login = {"email": demo["email"], "password": demo["password"]} if demo else None
        return {
            "url": self.plan.url,
            "live_url": self.plan.live_url,
            "login": login,
            "write_key": demo.get("write_key"),
            "api_key": demo.get("api_key"),
            "database_url": self.environment["DATABASE_URL"],
            "redis_url": self.environment["REDIS_URL"],
            "pid": os.getpid(),
        }

    def watch(self) -> None:
        logs_at = 0.0
        while True:
            self.look()
            if time.monotonic() > logs_at:
                logs_at = time.monotonic() + BETWEEN_ROTATIONS
                for log in self.logs:
                    log_files.rotate(log)
            time.sleep(TICK)

    def look(self) -> None:
        for child in (*self.servers, *self.programs):
            child.watch()

    def stop(self) -> None:
        """Those who talk to the world first, then those who work for them, then what they stand on."""
        self.note.unlink(missing_ok=True)
        for child in (*self.programs, *self.servers):
            child.stop()


def answers(host: str, port: int, path: str) -> bool:
    """Whether it answers 200. By hand: the library for this would double the memory of this process."""
    try:
        with socket.create_connection((host, port), 2) as link:
            link.settimeout(5)
            link.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            return link.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
