"""The mutation tester itself, on a module of three lines: one mistake is noticed, another is not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants import javascript, tree
from tests.mutants.__main__ import report
from tests.mutants.campaign import Broken, Campaign, Result
from tests.mutants.equal import Equal, listed
from tests.mutants.mutant import Mutant
from tests.mutants.python import places
from tests.mutants.sample import in_order
from tests.mutants.workers import Node, Python
from tests.narrow import ROOT

TINY = '''"""Tiny."""

LIMIT = 3


def fits(number: int) -> bool:
    return number <= LIMIT
'''
TEST = """from tiny import fits


def test_four_does_not_fit():
    assert fits(2) and not fits(4)
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    (folder / "tiny.py").write_text(TINY)
    (folder / "test_tiny.py").write_text(TEST)
    (folder / "test_wrong.py").write_text("def test_wrong():\n    assert False\n")
    return folder


@pytest.fixture(scope="module")
def worker(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Python]:
    running = Python(small, tmp_path_factory.mktemp("servers") / "0")
    yield running
    running.close()


def mutants_of(small: Path) -> dict[str, Mutant]:
    found = [place.mutant() for place in places("tiny.py", small)]
    return {mutant.change[1]: mutant for mutant in found if mutant}


def asked(small: Path, worker: Python, known: list[Equal] | None = None) -> Result:
    campaign = Campaign({"tiny.py": ["test_tiny.py"]}, [(small, worker)], known or [])
    return campaign.run(in_order(places("tiny.py", small), "1"), None, lambda mutant, killed: None)


def test_a_mistake_that_a_test_notices_is_killed_and_another_survives(small: Path, worker: Python) -> None:
    result = asked(small, worker)
    assert [mutant.change for mutant in result.survivors] == [("return number <= LIMIT", "return number < LIMIT")]
    assert result.killed == len(mutants_of(small)) - 1 > 0


def test_a_listed_mutant_is_not_asked(small: Path, worker: Python) -> None:
    known = [Equal("tiny.py", "return number <= LIMIT", "return number < LIMIT", "No test of ours asks for three.")]
    result = asked(small, worker, known)
    assert (result.survivors, result.equal) == ([], 1)


def test_the_module_is_afterwards_as_it_was(small: Path, worker: Python) -> None:
    before = (small / "tiny.py").stat().st_mtime_ns
    asked(small, worker)
    assert ((small / "tiny.py").read_text(), (small / "tiny.py").stat().st_mtime_ns) == (TINY, before)


def test_a_module_without_a_test_notices_nothing(small: Path, worker: Python) -> None:
    campaign = Campaign({"tiny.py": []}, [(small, worker)], [])
    assert campaign.run(list(places("tiny.py", small)), None, lambda mutant, killed: None).killed == 0


def test_tests_that_fail_without_a_mistake_end_the_run(small: Path, worker: Python) -> None:
    campaign = Campaign({"tiny.py": ["test_wrong.py"]}, [(small, worker)], [])
    with pytest.raises(Broken, match="fails without a mistake"):
        campaign.run(list(places("tiny.py", small)), None, lambda mutant, killed: None)


def test_no_mutant_is_asked_once_the_time_is_over(small: Path, worker: Python) -> None:
    campaign = Campaign({"tiny.py": ["test_tiny.py"]}, [(small, worker)], [])
    result = campaign.run(list(places("tiny.py", small)), time.monotonic(), lambda mutant, killed: None)
    assert result.asked == 0


def test_a_seed_chooses_the_same_sample_again_and_takes_every_line_first(small: Path) -> None:
    first, again = (in_order(places("tiny.py", small), "7") for _ in range(2))
    assert [(place.line, place.operator) for place in first] == [(place.line, place.operator) for place in again]
    assert len(first) == len(places("tiny.py", small))
    lines = {place.line for place in first}
    assert {place.line for place in first[: len(lines)]} == lines


def test_docstrings_annotations_and_imports_are_no_behaviour(tmp_path: Path) -> None:
    (tmp_path / "quiet.py").write_text('"""Nothing."""\n\nfrom os import path\n\n__all__ = ["path"]\nname: "str"\n')
    assert places("quiet.py", tmp_path) == []


def test_the_report_ends_with_the_count_after_each_survivor_as_a_diff(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    survivor = mutants_of(small)["return number < LIMIT"]
    assert report({"tiny": Result(killed=3, survivors=[survivor]), "sound": Result(killed=6)}) == 1
    shown = capsys.readouterr().out
    assert "-    return number <= LIMIT\n+    return number < LIMIT" in shown
    assert "tiny       killed    3 of    4 (75%) below 85 %" in shown
    assert shown.endswith("killed 9 of 10\n")


def test_a_run_with_enough_killed_in_every_area_ends_well() -> None:
    assert report({"sound": Result(killed=20, survivors=[])}) == 0


def test_a_query_is_mutated_word_by_word(tmp_path: Path) -> None:
    query = "SELECT x FROM t WHERE tx < pg_snapshot_xmin(pg_current_snapshot()) AND a > 1"
    (tmp_path / "sql.py").write_text(f"QUERY = {query!r}\n")
    come = {mutant.change[1] for place in places("sql.py", tmp_path) if (mutant := place.mutant())}
    for instead in ("xmax", "tx <= ", "OR a", "a >= 1"):
        assert any(instead in line for line in come), instead


def test_a_mistake_in_javascript_is_killed_or_survives_in_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "tiny.js").write_text("export const fits = (number) => number <= 3;\n")
    (tmp_path / "tiny.test.js").write_text(
        'import assert from "node:assert/strict";\nimport { fits } from "./tiny.js";\n'
        "assert.equal(fits(2), true);\nassert.equal(fits(4), false);\n"
    )
    found = javascript.places(["tiny.js"], tmp_path)
    campaign = Campaign({"tiny.js": ["tiny.test.js"]}, [(tmp_path, Node(tmp_path))], [])
    result = campaign.run(in_order(found, "1"), None, lambda mutant, killed: None)
    assert [mutant.change[1] for mutant in result.survivors] == ["export const fits = (number) => number < 3;"]
    assert result.killed == len(found) - 1 > 0


def test_a_copy_has_what_git_would_take_and_what_is_built(tmp_path: Path) -> None:
    tree.copy(ROOT, tmp_path)
    assert (tmp_path / "tests/map.toml").read_bytes() == (ROOT / "tests/map.toml").read_bytes()
    assert (tmp_path / ".venv").is_symlink()
    assert not (tmp_path / ".git").exists()


def test_what_is_listed_as_changing_nothing_is_a_mutant_still() -> None:
    known = listed(ROOT)
    changes = {path: set(changes_of(path, known)) for path in {one.path for one in known}}
    assert [one for one in known if (one.gone, one.come) not in changes[one.path]] == []
    assert [one for one in known if not one.reason] == []


def changes_of(path: str, known: list[Equal]) -> Iterator[tuple[str, str]]:
    """Of the mutants of a module those that begin where a listed one does: making all takes a minute."""
    lines = (ROOT / path).read_text().splitlines()
    starts = {one.gone.splitlines()[0] for one in known if one.path == path}
    for place in javascript.places([path], ROOT) if path.endswith(".js") else places(path, ROOT):
        near = {line.strip() for line in lines[max(place.line - 2, 0) : place.line + 1]}
        if near & starts and (mutant := place.mutant()):
            yield mutant.change
