"""The file: its rows, gathered by the record that they speak of."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from os_events.errors import NotFoundError


class UnknownColumnError(NotFoundError):
    """The mapping names a column that the file does not have. Compare the two."""

    slug = "unknown-column"


class UnreadableFileError(NotFoundError):
    """The file is not a table of text in that encoding. Check encoding and delimiter."""

    slug = "unreadable-file"


class Row(NamedTuple):
    """One row. Shape: ``line`` is where it begins, the header being line 1.

    ``whole`` says whether it has as many cells as the header.
    """

    line: int
    cells: dict[str, str]
    whole: bool


class Record(NamedTuple):
    """All rows that speak of one thing of the other system, in the order of the file.

    Shape: without a reference the rows do not say what they speak of.
    """

    reference: str | None
    rows: list[Row]


class SourceFile(NamedTuple):
    """A file that was read. Shape: ``sha256`` is of all its bytes."""

    sha256: str
    columns: tuple[str, ...]
    rows: list[Row]

    def need(self, columns: Iterable[str]) -> None:
        """Refuse a mapping that names other columns. Raises UnknownColumnError."""
        if missing := sorted(set(columns) - set(self.columns)):
            there = ", ".join(self.columns)
            raise UnknownColumnError(f"not in the file: {', '.join(missing)}. It has: {there}")

    def records(self, reference: Callable[[Row], str | None]) -> Iterator[Record]:
        """Gather the rows of each record, wherever in the file they are."""
        gathered: dict[str | None, list[Row]] = {}
        for row in self.rows:
            gathered.setdefault(reference(row), []).append(row)
        return (Record(name, rows) for name, rows in gathered.items())


def read_file(path: Path, encoding: str, delimiter: str) -> SourceFile:
    """Read a CSV file whole. Raises UnreadableFileError."""
    try:
        content = path.read_bytes()
        text = content.decode(encoding).removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError, LookupError) as error:
        raise UnreadableFileError(f"{path}: {error}") from error
    try:
        [(_, header), *lines] = numbered(text, delimiter)
    except (csv.Error, ValueError) as error:
        raise UnreadableFileError(f"{path} is not such a table: {error}") from error
    columns = tuple(name.strip() for name in header)
    if twice := [name for name, times in Counter(columns).items() if name and times > 1]:
        raise UnreadableFileError(f"{path}: two columns are called {twice[0]}")
    rows = [as_row(line, cells, columns) for line, cells in lines if cells]
    return SourceFile(sha256(content).hexdigest(), columns, rows)


def numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Give the lines of a table, each with the number at which it begins. Raises csv.Error."""
    table = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for cells in table:
        yield line, cells
        line = table.line_num + 1


def as_row(line: int, cells: list[str], columns: tuple[str, ...]) -> Row:
    """Name the cells of a row; what is missing is empty."""
    missing = [""] * (len(columns) - len(cells))
    named = dict(zip(columns, cells + missing, strict=False))
    return Row(line, named, len(cells) == len(columns))
