"""Static files: found by name, versioned, compressed, kept by browsers, and nothing else than what is listed."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from console.runtime.static_files import files, static_response, version

SHEET = "css/base.css"


def versioned(name: str) -> str:
    return f"/static/{version()}/{name}"


def test_templates_name_files_by_the_version() -> None:
    assert staticfiles_storage.url(SHEET) == versioned(SHEET)


def test_a_versioned_file_is_kept_for_a_year_and_another_for_a_minute() -> None:
    for path, age in [(versioned(SHEET), "31536000"), (f"/static/{SHEET}", "60"), (f"/static/v-0ld/{SHEET}", "60")]:
        found = static_response("GET", path, {})
        assert found is not None
        assert f"max-age={age}" in found[1]["cache-control"]
        assert found[2] == files()[SHEET].read_bytes()


def test_text_is_compressed_for_who_takes_it() -> None:
    found = static_response("GET", versioned(SHEET), {"accept-encoding": "gzip, br"})
    assert found is not None
    assert found[1]["content-encoding"] == "gzip"
    assert found[1]["content-length"] == str(len(found[2]))
    assert gzip.decompress(found[2]) == files()[SHEET].read_bytes()


def test_a_file_that_the_browser_has_is_not_sent_again() -> None:
    found = static_response("GET", versioned(SHEET), {})
    assert found is not None
    again = static_response("GET", versioned(SHEET), {"if-none-match": found[1]["etag"]})
    assert again is not None
    assert (again[0], again[2]) == (304, b"")


def test_head_gives_headers_alone_and_other_methods_nothing() -> None:
    head = static_response("HEAD", versioned(SHEET), {})
    posted = static_response("POST", versioned(SHEET), {})
    assert head is not None
    assert posted is not None
    assert (head[0], head[2]) == (200, b"")
    assert int(head[1]["content-length"]) > 0
    assert posted[0] == 405


@pytest.mark.parametrize("name", ["", "nothing.css", "../console/settings.py", "css/../css/base.css", "css", "\x00"])
def test_what_is_not_listed_is_not_found(name: str) -> None:
    assert static_response("GET", f"/static/{name}", {}) is None
    assert static_response("GET", versioned(name), {}) is None


def test_frames_without_an_origin_may_load_modules(client: Client) -> None:
    answer = client.get(versioned("renderer/main.js"), headers={"origin": "null"})
    assert answer["content-type"].startswith("text/javascript")
    assert answer["access-control-allow-origin"] == "*"
    assert answer["cross-origin-resource-policy"] == "cross-origin"


def test_a_developer_gets_what_was_just_written(settings: Any, tmp_path: Path) -> None:
    settings.DEBUG = True
    file = tmp_path / "written.css"
    for text in (b"a { color: red }", b"a { color: blue }"):
        file.write_bytes(text)
        os.utime(file, ns=(len(text), len(text)))
        with patch.dict(files(), {"written.css": file}):
            found = static_response("GET", "/static/written.css", {"accept-encoding": "gzip"})
        assert found is not None
        assert gzip.decompress(found[2]) == text
        assert found[1]["cache-control"] == "no-cache"
