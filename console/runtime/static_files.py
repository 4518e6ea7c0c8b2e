"""Static files from where they lie, under addresses that hold a digest of all of them, compressed and cached for long.

`/static/<version>/css/base.css` may be kept by browsers for a year: another release has another version. What a file
names by a relative path, such as a module or a font, has the version of the file that names it. `/static/css/base.css`
works as well, for pages of others that carry the SDK, and is asked for again after a minute.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage

YEAR = "public, max-age=31536000, immutable"
MINUTE = "public, max-age=60"
COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/wasm")
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".map": "application/json", ".woff2": "font/woff2"}

Response = tuple[int, dict[str, str], bytes]


class VersionedStaticFilesStorage(StaticFilesStorage):
    """Gives addresses with the version, except while Django itself serves the files of a developer."""

    def url(self, name: str | None) -> str:
        plain = super().url(name)
        return plain if settings.DEBUG else plain.replace(settings.STATIC_URL, f"{settings.STATIC_URL}{version()}/", 1)


@lru_cache(maxsize=1)
def files() -> dict[str, Path]:
    """All static files by their names; of two with one name the first that Django would find."""
    found: dict[str, Path] = {}
    for finder in get_finders():
        for name, storage in finder.list([".*"]):
            prefix = getattr(storage, "prefix", None)
            found.setdefault(f"{prefix}/{name}" if prefix else name, Path(storage.path(name)))
    return found


@lru_cache(maxsize=1)
def version() -> str:
    """The same wherever the same files are, on every host."""
    digest = hashlib.blake2b(digest_size=6)
    for name, path in sorted(files().items()):
        digest.update(name.encode())
        digest.update(hashlib.blake2b(path.read_bytes(), digest_size=16).digest())
    return f"v-{digest.hexdigest()}"


def static_response(method: str, path: str, headers: Mapping[str, str]) -> Response | None:
    """Status, headers and body for a path below STATIC_URL; None where no such file is. `headers` in lower case."""
    first, _, rest = path.removeprefix(settings.STATIC_URL).partition("/")
    named = rest if first.startswith("v-") else f"{first}/{rest}" if rest else first
    file = files().get(named)
    if file is None:
        return None
    if method not in ("GET", "HEAD"):
        return 405, {"allow": "GET, HEAD"}, b""
    kind = TYPES.get(file.suffix) or mimetypes.guess_type(named)[0] or "application/octet-stream"
    zipped = kind.startswith(COMPRESSIBLE) and "gzip" in headers.get("accept-encoding", "")
    edited = file.stat().st_mtime_ns if settings.DEBUG else 0
    body = compressed(named, edited) if zipped else file.read_bytes()
    tag = f'"{hashlib.blake2b(body, digest_size=9).hexdigest()}"'
    answer = {
        "cache-control": "no-cache" if settings.DEBUG else YEAR if first == version() else MINUTE,
        "etag": tag,
        "vary": "accept-encoding",
        "access-control-allow-origin": "*",  # a sandboxed frame, which has no origin, loads modules from here
        "cross-origin-resource-policy": "cross-origin",
        "x-content-type-options": "nosniff",
    }
    if tag in headers.get("if-none-match", ""):
        return 304, answer, b""
    answer["content-type"] = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    answer["content-length"] = str(len(body))
    if zipped:
        answer["content-encoding"] = "gzip"
    return 200, answer, b"" if method == "HEAD" else body


@lru_cache(maxsize=4096)
def compressed(name: str, edited: int) -> bytes:
    """`edited` tells one state of a file that a developer works on from the next."""
    return gzip.compress(files()[name].read_bytes(), mtime=0)
