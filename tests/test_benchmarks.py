from __future__ import annotations

import pytest

from benchmarks.__main__ import NAMES, choose


def test_without_a_name_every_benchmark_is_run() -> None:
    assert choose([]).names == NAMES


def test_names_choose_among_them() -> None:
    assert choose(["queue", "ingest", "--quick"]).names == ["queue", "ingest"]


def test_a_name_of_nothing_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        choose(["ingest", "speed"])
    assert "no benchmark speed; there are ingest" in capsys.readouterr().err
