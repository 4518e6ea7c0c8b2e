"""A sheet of people: CSV with an `id` column and a column per attribute, read line by line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from messaging import attributes
from messaging.attributes import Kind
from messaging.ids import BadId, normal_id

LARGEST, MOST_LINES, MOST_COLUMNS = 5 * 1024 * 1024, 100_000, 100
ENCODINGS = {"": "UTF-8 or UTF-16", "cp1252": "Windows (Western Europe)"}
SKIP = "skip"
LONGEST_LINE = 100_000  # characters that are looked at for what parts the cells
SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\r?\n?', re.IGNORECASE)
QUOTED = re.compile(r'"(?:[^"]|"")*(?:"|\Z)')


@dataclass
class Column:
    """A column that is not the id: where it stands, what it becomes, and what is wrong with that."""

    at: int
    header: str
    name: str
    kind: str = ""
    sample: str = ""
    error: str = ""


@dataclass
class Sheet:
    columns: list[Column] = field(default_factory=list)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: list[tuple[int, str]] = field(default_factory=list)
    """Pairs of a line of the file (0: the whole file) and what is wrong there."""


def read(file: IO[bytes], *, encoding: str = "", chosen: Mapping[str, str] | None = None) -> Sheet:
    """`chosen` holds `name_<column>` and `kind_<column>` as chosen; what it lacks is guessed."""
    sheet = Sheet()
    try:
        _fill(sheet, file, encoding, chosen or {})
    except UnicodeError:
        what = "The file is not in this encoding: save it as “CSV UTF-8”, or choose the encoding it has."
        sheet.errors, sheet.people = [(0, what)], {}
    return sheet


def _fill(sheet: Sheet, file: IO[bytes], encoding: str, chosen: Mapping[str, str]) -> None:
    rows = _rows(sheet, file, encoding)
    _, header = next(rows, (1, list[str]()))
    at = _columns(sheet, header, chosen)
    if at is None or sheet.errors:
        return
    kept = list(islice(rows, MOST_LINES + 1))
    if len(kept) > MOST_LINES:
        what = f"There are more than {MOST_LINES:,} people in the file: split it and import the parts one by one."
        sheet.errors.append((0, what))
        return
    for column in sheet.columns:
        cells = [one for _, row in kept if len(row) > column.at and (one := row[column.at].strip())]
        column.kind = column.kind or attributes.guess(cells).value
        column.sample = cells[0][:60] if cells else ""
    seen: dict[str, int] = {}
    for line, row in kept:
        _person(sheet, line, row, at, len(header), seen)
    if not kept and not sheet.errors:
        sheet.errors.append((0, "There is nobody in the file: below the header, write a line for each person."))


def _rows(sheet: Sheet, file: IO[bytes], encoding: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not blank, with the number of the line each begins on."""
    file.seek(0)
    mark = file.read(4)
    file.seek(0)
    wide = mark[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = io.TextIOWrapper(file, encoding=encoding or ("utf-16" if wide else "utf-8-sig"), newline="")
    try:
        comma, line = _separator(text)
        reader = csv.reader(text, delimiter=comma, strict=True)
        before = line - 1
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield line, row
                line = before + reader.line_num + 1
        except csv.Error as error:
            sheet.errors.append(
                (line, f"It cannot be read from here on ({error}): look for a quote that is not closed.")
            )
    finally:
        text.detach()  # the file is the caller's to close


def _separator(text: io.TextIOWrapper) -> tuple[str, int]:
    """What parts the cells, and the line that the header is on: a first line `sep=;`, as Excel writes it, says so."""
    first = text.readline(LONGEST_LINE)
    if said := SEPARATOR.fullmatch(first):
        return said[1], 2
    text.seek(0)
    unquoted = QUOTED.sub("", first)
    return max(",;\t|", key=unquoted.count), 1


def _columns(sheet: Sheet, header: list[str], chosen: Mapping[str, str]) -> int | None:
    """Fills the columns; returns which is the id."""
    names = [one.strip() for one in header]
    ids = [at for at, name in enumerate(names) if name.lower() == "id"]
    if len(ids) != 1:
        told = (
            "Two columns are named id: keep one."
            if ids
            else "There is no column named id: the first line names the columns."
        )
        sheet.errors.append((1, told))
        return None
    if len(names) > MOST_COLUMNS:
        sheet.errors.append((1, f"There are {len(names)} columns; at most {MOST_COLUMNS} are read."))
        return None
    taken: set[str] = set()
    for at, header_name in enumerate(names):
        if at == ids[0]:
            continue
        name, kind = chosen.get(f"name_{at}", header_name), chosen.get(f"kind_{at}", "")
        column = Column(at, header_name, name, kind if kind in {*Kind, SKIP} else "")
        sheet.columns.append(column)
        if column.kind == SKIP:
            continue
        try:
            column.name = attributes.name(name)
        except ValueError as error:
            column.error = str(error)
        if not column.error and column.name in taken:
            column.error = f"Two columns become “{column.name}”: rename one or leave it out."
        taken.add(column.name)
        if column.error:
            sheet.errors.append((1, f"Column {at + 1}: {column.error}"))
    return ids[0]


def _person(sheet: Sheet, line: int, row: list[str], at: int, width: int, seen: dict[str, int]) -> None:
    def wrong(what: str) -> None:
        sheet.errors.append((line, what))

    if len(row) > width:
        return wrong(f"It has {len(row)} cells under {width} columns: put quotes around what holds the separator.")
    if any("\x00" in cell for cell in row):
        return wrong("It holds a NUL character: take that out.")
    try:
        external_id = normal_id(row[at] if len(row) > at else "")
    except BadId as error:
        return wrong(str(error))
    if external_id in seen:
        return wrong(f"The id “{external_id}” stands in line {seen[external_id]} already: delete one of the two.")
    seen[external_id] = line
    found: dict[str, Any] = {}
    for column in sheet.columns:
        cell = row[column.at] if len(row) > column.at else ""
        if column.kind == SKIP or not cell.strip():
            continue
        try:
            found[column.name] = attributes.read(column.kind, cell)
        except ValueError as error:
            wrong(f"{column.name}: {error}")
    sheet.people[external_id] = found
