"""The processes a benchmark drives. All on loopback, all stopped by the handle that started them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from console.runtime.embedded import free_port, start_postgres, start_redis

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def embedded(folder: Path) -> Iterator[None]:
    """Servers as `manage.py up` runs them, durable commits and all, unless the environment names others."""
    with ExitStack() as running:
        if "DATABASE_URL" not in os.environ:
            database, os.environ["DATABASE_URL"] = start_postgres(folder / "postgres")
            running.callback(database.stop)
        if "REDIS_URL" not in os.environ:
            redis, os.environ["REDIS_URL"] = start_redis(folder / "redis", free_port())
            running.callback(redis.stop)
        yield


@contextmanager
def running(command: list[str], *, ready: str, **env: str) -> Iterator[None]:
    """A server until the block ends; `ready` is a URL that answers anything once it is up."""
    log = Path(os.environ["EARSHOT_DATA"]) / f"{Path(command[2]).name}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stdout=out, stderr=out)
    try:
        wait_for(ready, process, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit(f"The server of the benchmark ended: see {log}.")
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server of the benchmark did not answer {url} within 30 s: see {log}.")


@contextmanager
def earshot() -> Iterator[str]:
    """Earshot's web server as `manage.py up` runs it; gives its URL."""
    port = str(free_port())
    command = [sys.executable, "-m", "console.runtime.server", "web", "--port", port]
    command += ["--workers", os.environ.get("BENCH_WORKERS", "1")]
    with running(command, ready=f"http://127.0.0.1:{port}/healthz"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def plain() -> Iterator[str]:
    """The reference: a plain Django project under gunicorn with two synchronous workers."""
    port = str(free_port())
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        "2",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]
    command += ["benchmarks.reference.wsgi:application"]
    settings = "benchmarks.reference.settings"
    with running(command, ready=f"http://127.0.0.1:{port}/", DJANGO_SETTINGS_MODULE=settings):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def plain_on_our_server() -> Iterator[str]:
    """The reference's views under the web server that Earshot uses, so that only the view differs."""
    port = str(free_port())
    command = [sys.executable, "-m", "uvicorn", "--loop", "uvloop", "--http", "httptools", "--port", port]
    command += ["--workers", os.environ.get("BENCH_WORKERS", "1"), "--no-access-log", "--log-level", "error"]
    command += ["benchmarks.reference.asgi:application"]
    settings = "benchmarks.reference.settings"
    with running(command, ready=f"http://127.0.0.1:{port}/", DJANGO_SETTINGS_MODULE=settings):
        yield f"http://127.0.0.1:{port}"
