"""What the glossary says of the code is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROWS = re.findall(r"^\| (?!word|---)(.+?) \|.*\| (.+?) \|$", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
NAMED = [(word, name) for word, names in ROWS for name in re.findall(r"`([^`]+)`", names)]


def test_every_row_is_read() -> None:
    assert len(ROWS) > 30


@pytest.mark.parametrize(("word", "name"), [(word, name) for word, name in NAMED if "/" in name])
def test_what_it_calls_a_file_or_a_folder_is_one(word: str, name: str) -> None:
    assert (ROOT / name).exists(), word


@pytest.mark.parametrize(("word", "name"), [(word, name) for word, name in NAMED if "/" not in name and "." in name])
def test_what_it_calls_a_class_is_one(word: str, name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert isinstance(getattr(import_module(module), attribute), type), word
