"""Lines of a CSV file as people's programs write them: encodings, separators, quotes, a first line `sep=;`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import IO

ENCODINGS = {"": "UTF-8 or UTF-16", "cp1252": "Windows (Western Europe)"}
LONGEST_LINE = 100_000  # characters that are looked at for what parts the cells
SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\r?\n?', re.IGNORECASE)
QUOTED = re.compile(r'"(?:[^"]|"")*(?:"|\Z)')


class BadCSV(ValueError):
    """The file cannot be read from this line on."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"It cannot be read from here on ({why}): look for a quote that is not closed.")
        self.line = line


def read(file: IO[bytes], encoding: str = "") -> Iterator[tuple[int, list[str]]]:
    """The lines that are not blank, from the beginning of the file, with the number of the line each begins on.

    Only the line at hand is in memory. Raises BadCSV, and UnicodeError where the encoding is another one.
    """
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
            raise BadCSV(line, str(error)) from error
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
