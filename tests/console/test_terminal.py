from __future__ import annotations

import pytest

from console.runtime.supervisor import terminal

NOTE = {"url": "http://127.0.0.1:8000", "login": {"email": "demo@example.com", "password": "1234"}}


def test_the_banner_says_how_one_becomes_an_administrator(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.banner(NOTE, None)
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8000/admin/  as demo@example.com" in said
    assert "manage.py createsuperuser" in said


def test_without_a_demo_it_says_so_too(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.banner(NOTE | {"login": None}, None)
    said = capsys.readouterr().out
    assert "make one with: manage.py createsuperuser" in said
    assert "demo@example.com" not in said
