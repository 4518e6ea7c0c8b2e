"""A sheet of people: CSV with an `id` column and a column per attribute, read line by line and never kept whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from messaging.common import csv_rows
from messaging.common.csv_rows import BadCSV
from messaging.common.ids import normal_id
from messaging.people import attributes
from messaging.people.attributes import Kind, KindGuess

LARGEST, MOST_LINES, MOST_COLUMNS = 5 * 1024 * 1024, 100_000, 100
MOST_ERRORS = 100  # are told; the others are counted
SKIP = "skip"


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
class Errors:
    """What is wrong and where: a line of the file, or 0 for the whole of it. The first hundred are kept."""

    first: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, what: str) -> None:
        self.count += 1
        if len(self.first) < MOST_ERRORS:
            self.first.append((line, what))


class BadPeopleCSV(ValueError):
    """Nobody can be taken from the sheet; its errors say why."""


@dataclass
class PeopleCSV:
    file: IO[bytes]
    encoding: str
    columns: list[Column] = field(default_factory=list)
    errors: Errors = field(default_factory=Errors)
    id_at: int | None = None
    """The column of the ids; None where the header or the file as a whole is wrong."""

    def people(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each person's id and attributes. Raises BadSheet at the end if anything was wrong on the way."""
        self._check()
        rows = csv_rows.read(self.file, self.encoding)
        width = len(next(rows)[1])
        seen: dict[str, int] = {}
        try:
            for line, row in rows:
                try:
                    external_id = self._external_id(row, width, seen)
                except ValueError as error:
                    self.errors.add(line, str(error))
                    continue
                seen[external_id] = line
                yield external_id, self._attributes(line, row)
        except BadCSV as error:
            self.errors.add(error.line, str(error))
        if not seen and not self.errors.count:
            self.errors.add(0, "There is nobody in the file: below the header, write a line for each person.")
        self._check()

    def _check(self) -> None:
        if self.errors.count or self.id_at is None:
            raise BadPeopleCSV

    def _external_id(self, row: list[str], width: int, seen: Mapping[str, int]) -> str:
        """ValueError says what is wrong with the line."""
        if len(row) > width:
            raise ValueError(
                f"It has {len(row)} cells under {width} columns: put quotes around what holds the separator."
            )
        if any("\x00" in cell for cell in row):
            raise ValueError("It holds a NUL character: take that out.")
        external_id = normal_id(_cell(row, self.id_at or 0))
        if external_id in seen:
            raise ValueError(
                f"Duplicate id “{external_id}” (first in line {seen[external_id]}): delete one of the two lines."
            )
        return external_id

    def _attributes(self, line: int, row: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column in self.columns:
            cell = _cell(row, column.at)
            if column.kind == SKIP or not cell.strip():
                continue
            try:
                found[column.name] = attributes.read(column.kind, cell)
            except ValueError as error:
                self.errors.add(line, f"{column.name}: {error}")
        return found


def read(file: IO[bytes], *, encoding: str = "", chosen: Mapping[str, str] | None = None) -> PeopleCSV:
    """The sheet with its columns; its people are read when they are asked for.

    `chosen` holds `name_<column>` and `kind_<column>` as chosen; what it lacks is guessed from all lines.
    """
    sheet = PeopleCSV(file, encoding)
    try:
        rows = csv_rows.read(file, encoding)
        _, header = next(rows, (1, list[str]()))
        sheet.id_at = _columns(sheet, header, chosen or {})
        if sheet.id_at is not None and not sheet.errors.count:
            _look_at_all(sheet, rows)
    except UnicodeError:
        what = "The file is not in this encoding: save it as “CSV UTF-8”, or choose the encoding it has."
        sheet.errors = Errors([(0, what)], 1)
    except BadCSV as error:
        if sheet.id_at is None:
            sheet.errors.add(error.line, str(error))  # in the header; in a line it is found again with the people
    return sheet


def _look_at_all(sheet: PeopleCSV, rows: Iterator[tuple[int, list[str]]]) -> None:
    """What kinds the columns are, and whether there are too many lines."""
    guesses = [(column, KindGuess()) for column in sheet.columns]
    try:
        for number, (_, row) in enumerate(rows, 1):
            if number > MOST_LINES:
                what = (
                    f"There are more than {MOST_LINES:,} people in the file: split it and import the parts one by one."
                )
                return sheet.errors.add(0, what)
            for column, guess in guesses:
                if cell := _cell(row, column.at).strip():
                    guess.add(cell)
                    column.sample = column.sample or cell[:60]
    finally:
        for column, guess in guesses:
            column.kind = column.kind or guess.kind.value


def _cell(row: list[str], at: int) -> str:
    return row[at] if len(row) > at else ""


def _columns(sheet: PeopleCSV, header: list[str], chosen: Mapping[str, str]) -> int | None:
    """Fills the columns; returns which is the id."""
    names = [one.strip() for one in header]
    try:
        id_at = _id_column(names)
    except ValueError as error:
        sheet.errors.add(1, str(error))
        return None
    taken: set[str] = set()
    sheet.columns = [_column(sheet, at, name, chosen, taken) for at, name in enumerate(header) if at != id_at]
    return id_at


def _id_column(names: list[str]) -> int:
    ids = [at for at, name in enumerate(names) if name.lower() == "id"]
    if not ids:
        raise ValueError("There is no column named id: the first line names the columns.")
    if len(ids) > 1:
        raise ValueError("Two columns are named id: keep one.")
    if len(names) > MOST_COLUMNS:
        raise ValueError(f"There are {len(names)} columns; at most {MOST_COLUMNS} are read.")
    return ids[0]


def _column(sheet: PeopleCSV, at: int, header: str, chosen: Mapping[str, str], taken: set[str]) -> Column:
    name, kind = chosen.get(f"name_{at}", header), chosen.get(f"kind_{at}", "")
    column = Column(at, header, name, kind if kind in {*Kind, SKIP} else "")
    if column.kind == SKIP:
        return column
    try:
        column.name = attributes.name(name)
    except ValueError as error:
        column.error = str(error)
    if not column.error and column.name in taken:
        column.error = f"Two columns become “{column.name}”: rename one or leave it out."
    taken.add(column.name)
    if column.error:
        sheet.errors.add(1, f"Column {at + 1}: {column.error}")
    return column
