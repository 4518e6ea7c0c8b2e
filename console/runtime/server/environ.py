"""The environ of a WSGI request (PEP 3333), from an ASGI scope and a body that is complete."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import MutableMapping
from typing import IO, Any
from urllib.parse import unquote_to_bytes

TEXT = "latin-1"  # what PEP 3333 calls for: a character for each byte


def environ_of(scope: MutableMapping[str, Any], body: IO[bytes], trusted_proxies: int = 0) -> dict[str, Any]:
    """CONTENT_LENGTH is the length of the body, also of one that came in chunks.

    Behind a trusted proxy REMOTE_ADDR is the client that the outermost of our proxies saw.
    """
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "asgi.scope": scope,
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode(TEXT),
        "QUERY_STRING": scope["query_string"].decode(TEXT),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        add_header(environ, name.decode(TEXT), value.decode(TEXT))
    environ["CONTENT_LENGTH"] = str(length_of(body))
    if scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = scope["client"][0], str(scope["client"][1])
    if trusted_proxies:
        environ["REMOTE_ADDR"] = forwarded_client(environ, trusted_proxies)
    return environ


def add_header(environ: dict[str, Any], name: str, value: str) -> None:
    key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
    if key in environ:
        value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value


def length_of(body: IO[bytes]) -> int:
    length = body.seek(0, os.SEEK_END)
    body.seek(0)
    return length


def forwarded_client(environ: dict[str, Any], trusted_proxies: int) -> str:
    """Each proxy adds at the end whom it saw, so only as many entries from the end as there are proxies are true."""
    entries = [entry.strip() for entry in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    try:
        return str(ipaddress.ip_address(entries[-trusted_proxies]))
    except (ValueError, IndexError):
        return str(environ.get("REMOTE_ADDR", ""))
