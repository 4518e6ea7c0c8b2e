"""Ports for embedded servers: free, and not among those that the kernel gives to outgoing connections."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from console.runtime.embedded import free_port, ports


def test_it_is_below_the_ports_of_outgoing_connections() -> None:
    first = int(ports.OUTGOING.read_text().split()[0])
    assert all(ports.LOWEST <= free_port() < first for _ in range(100))


def test_two_in_a_row_are_both_free(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))
        port = taken.getsockname()[1]
        chosen = iter([port - ports.LOWEST - 1, port - ports.LOWEST, 5])
        monkeypatch.setattr("console.runtime.embedded.ports.secrets.randbelow", lambda most: next(chosen))
        assert free_port(2) == ports.LOWEST + 5


@pytest.mark.parametrize("told", ["1024 65535", "", "nonsense"])
def test_where_that_range_leaves_no_room_or_is_not_told_the_usual_one_is_kept_clear(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "range"
    file.write_text(told)
    monkeypatch.setattr(ports, "OUTGOING", file)
    assert all(free_port() < 32_768 for _ in range(100))


def test_without_any_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_is_free", lambda port: False)
    with pytest.raises(OSError, match="No port between"):
        free_port()
