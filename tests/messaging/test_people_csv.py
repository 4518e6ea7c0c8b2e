"""Sheets of people as Excel and others write them, read line by line."""

from __future__ import annotations

import io
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest

from messaging.people import people_csv
from messaging.people.attributes import Kind, KindGuess

Read = tuple[dict[str, dict[str, Any]], list[tuple[int, str]]]


def sheet(text: str, encoding: str = "utf-8") -> Read:
    """The people of the sheet, none if anything is wrong, and what is wrong."""
    found = people_csv.read(io.BytesIO(text.encode(encoding)))
    try:
        return dict(found.people()), []
    except people_csv.BadPeopleCSV:
        return {}, found.errors.first


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nid;plan\nann;pro\n",
        "SEP=;\r\nid;plan\r\nann;pro\r\n",
        '"sep=;"\r\n"id";"plan"\r\n"ann";"pro"\r\n',
        "sep=\t\nid\tplan\nann\tpro\n",
        "sep=,\nid,plan\nann,pro\n",
        "\ufeffsep=;\nid;plan\nann;pro\n",
        "\ufeffid,plan\nann,pro\n",
        '\ufeff"id","plan"\nann,pro\n',
        "id|plan\nann|pro\n",
        '"id","plan"\n"ann","pro"',
        "id;plan\rann;pro\r",
    ],
)
def test_a_sheet_is_read_however_it_parts_its_cells(text: str) -> None:
    assert sheet(text) == ({"ann": {"plan": "pro"}}, [])


def test_a_separator_inside_quotes_parts_nothing() -> None:
    assert sheet('id,"a; b; c; d","e;f\n;g"\nann,1;2,x\n') == ({"ann": {"a; b; c; d": "1;2", "e;f\n;g": "x"}}, [])


def test_lines_are_counted_with_the_line_of_the_separator() -> None:
    assert [line for line, _ in sheet("sep=;\nid;x\nann;1\n;2\n")[1]] == [4]


def test_a_sheet_has_as_many_lines_as_memory_is_meant_for() -> None:
    people, errors = sheet("id\n" + "\n".join(f"p{n}" for n in range(people_csv.MOST_LINES)))
    assert (len(people), errors) == (people_csv.MOST_LINES, [])
    people, errors = sheet("id\n" + "\n".join(f"p{n}" for n in range(people_csv.MOST_LINES + 1)))
    assert (len(people), "more than 100,000 people" in errors[0][1]) == (0, True)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "-2", "3.5", "0"], Kind.NUMBER),
        (["1E5", "2E7"], Kind.TEXT),
        (["12e3"], Kind.TEXT),
        (["007", "8"], Kind.TEXT),
        (["1.10", "1.2"], Kind.TEXT),
        (["-0"], Kind.TEXT),
        (["123456789012345"], Kind.NUMBER),
        (["1234567890123456"], Kind.TEXT),
        (["1", "x"], Kind.TEXT),
        (["yes", "No"], Kind.YES_NO),
        (["2026-01-31"], Kind.DATE),
        ([], Kind.TEXT),
    ],
)
def test_a_column_becomes_numbers_only_where_nothing_is_lost(texts: list[str], kind: Kind) -> None:
    guess = KindGuess()
    for text in texts:
        guess.add(text)
    assert guess.kind is kind


def test_a_file_of_errors_tells_the_first_hundred_and_counts_the_rest() -> None:
    lines = "\n".join(f"p{n},x,x,x,x" for n in range(1_000))
    found = people_csv.read(
        io.BytesIO(f"id,a,b,c,d\n{lines}".encode()), chosen={f"kind_{at}": "number" for at in range(1, 5)}
    )
    with pytest.raises(people_csv.BadPeopleCSV):
        list(found.people())
    assert (len(found.errors.first), found.errors.count) == (100, 4_000)
    assert found.errors.first[0] == (2, "a: Write a number such as 42 or -3.5.")


@pytest.mark.parametrize("line", ["1", "{n},x,x,x,x,x", "{n},7,7,7,7,7"])
def test_a_sheet_is_never_in_memory_as_a_whole(line: str) -> None:
    """What grows with it are the ids alone, which must be known to find one that stands there twice."""
    rows = "\n".join(line.replace("{n}", str(n)) for n in range(1, 10_001))
    file = io.BytesIO(f"id,a,b,c,d,e\n{rows}".encode())
    tracemalloc.start()
    try:
        found = people_csv.read(file, chosen={f"kind_{at}": "number" for at in range(1, 6)})
        with suppress(people_csv.BadPeopleCSV):
            for _ in found.people():
                pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_500_000
