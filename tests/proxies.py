"""The TLS proxies of deploy/ on loopback, with a certificate of the test's own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.runtime.embedded import child_setup, free_port
from tests.stacks import ROOT

HOST = "earshot.example.org"
DEPLOY = ROOT / "deploy"


def program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(f"/usr/sbin/{name}")


def needed(name: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        program(name) is None and os.environ.get("CI") != "true",
        reason=f"{name} is not installed: apt install {package}",
    )


def certificate(folder: Path) -> tuple[Path, Path]:
    path, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", key, "-out", path],
        check=True, capture_output=True,
    )  # fmt: skip
    return path, key


def replaced(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, f"deploy/ no longer says: {old}"
        text = text.replace(old, new)
    return text


def caddy(folder: Path, port: int, web: int) -> list[str]:
    path, key = certificate(folder)
    text = replaced((DEPLOY / "Caddyfile").read_text(), {
        f"\n{HOST} {{": f"\n{HOST}:{port} {{\n\tbind 127.0.0.1\n\ttls {path} {key}",
        "127.0.0.1:8000": f"127.0.0.1:{web}",
        "127.0.0.1:8001": f"127.0.0.1:{web + 1}",
    })  # fmt: skip
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + text)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def nginx(folder: Path, port: int, web: int) -> list[str]:
    path, key = certificate(folder)
    text = replaced((DEPLOY / "nginx.conf").read_text(), {
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(path),
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(key),
        "127.0.0.1:8000": f"127.0.0.1:{web}",
        "127.0.0.1:8001": f"127.0.0.1:{web + 1}",
    })  # fmt: skip
    user = "user root;" if os.geteuid() == 0 else ""  # the test's folder is closed to others
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/log;"
        f"events {{}} http {{ access_log off; {paths}\n{text}\n}}\n"
    )
    return ["nginx", "-e", str(folder / "log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


KINDS: dict[str, Callable[[Path, int, int], list[str]]] = {"caddy": caddy, "nginx": nginx}


@contextmanager
def proxy(kind: str, folder: Path, web: int) -> Iterator[int]:
    """Yields the port of TLS before the web process on port `web` and the live one on the next."""
    port = free_port()
    command = KINDS[kind](folder, port, web)
    found = program(command[0])
    assert found is not None, f"{command[0]} is not installed"
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [found, *command[1:]], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            env=dict(os.environ) | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
            preexec_fn=child_setup.setup(on_parent_death=signal.SIGTERM),
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                connect(port).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "said").read_text()
                assert time.monotonic() < deadline, f"{kind} does not listen"
                time.sleep(0.05)
        yield port
    finally:
        process.kill()  # asked to stop, it would wait for open streams
        process.wait()


def connect(port: int, source: str = "127.0.0.1") -> ssl.SSLSocket:
    """TLS as a client at `source` (any address of loopback) would speak it; the certificate is the test's own."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    link = socket.create_connection(("127.0.0.1", port), 20, source_address=(source, 0))
    return context.wrap_socket(link, server_hostname=HOST)
