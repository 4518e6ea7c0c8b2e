from __future__ import annotations

import time

import pytest

from console.runtime.outage import SAY_AGAIN, Outage


def test_an_outage_is_logged_when_it_begins_and_when_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage("test.database_away")
    outage.passed()
    for _ in range(1000):
        outage.failed(OSError("refused\nmore"))
    outage.passed()
    outage.passed()
    began, ended = (record.getMessage() for record in caplog.records)
    assert "'test.database_away'" in began
    assert "refused" in began
    assert "more" not in began
    assert "test.database_away.over" in ended
    assert "1000" in ended


def test_an_outage_that_lasts_is_logged_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    outage = Outage("test.database_away")
    outage.failed(OSError("refused"))
    there = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: there + SAY_AGAIN + 1)
    outage.failed(OSError("refused"))
    assert len(caplog.records) == 2
