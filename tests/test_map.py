"""The map from modules to their tests stays true."""

from __future__ import annotations

import pytest

from tests.narrow import ROOT, areas, commands, narrow_tests

FOLDERS = [
    "tracking/ingest",
    "tracking/rollups",
    "tracking/metrics",
    "tracking/consumers",
    "messaging/rules",
    "messaging/liquid",
    "static/sdk/src",
    "static/renderer",
]
MAPPED = {module: tests for area in areas().values() for module, tests in area.items()}


def holds_code(path: str) -> bool:
    return bool((ROOT / path).read_text().strip())


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_module_of_a_mapped_folder_is_in_the_map(folder: str) -> None:
    suffix = "*.js" if folder.startswith("static") else "*.py"
    found = (str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob(suffix))
    modules = {path for path in found if holds_code(path)}
    assert modules - MAPPED.keys() == set()


def test_every_mapped_module_and_its_tests_exist() -> None:
    named = MAPPED.keys() | {test.partition("::")[0] for tests in MAPPED.values() for test in tests}
    assert sorted(path for path in named if not (ROOT / path).is_file()) == []
    assert [module for module, tests in MAPPED.items() if not tests] == []


def test_a_module_stands_in_one_area() -> None:
    assert sum(map(len, areas().values())) == len(MAPPED)


def test_a_module_leads_to_its_tests_and_a_test_to_itself() -> None:
    assert narrow_tests("messaging/common/labels.py") == ["tests/messaging/test_labels.py"]
    assert narrow_tests("./tests/test_map.py") == ["tests/test_map.py"]
    with pytest.raises(KeyError):
        narrow_tests("tracking/ingest/no_such_module.py")


def test_tests_in_two_languages_run_by_two_runners() -> None:
    node, python = commands(["tests/a_test.py", "tests/b.test.js"])
    assert node[-1] == "tests/b.test.js"
    assert python[-2:] == ["pytest", "tests/a_test.py"]
