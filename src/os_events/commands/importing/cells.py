"""The cells of one row, read as the mapping says."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from os_events.commands.importing.mapping import Mapping
from os_events.commands.importing.readings import IDENTIFIERS, READINGS
from os_events.commands.importing.rows import Row
from os_events.commands.importing.steps import RejectedError
from os_events.commands.importing.templates import Place, Template


class Cells:
    """One row. ``left_out`` names the columns whose identifier is not a valid one."""

    def __init__(self, mapping: Mapping, row: Row) -> None:
        self.mapping = mapping
        self.conventions = mapping.conventions
        self.row = row
        self.left_out: set[str] = set()

    def __call__(self, place: Place) -> Any:
        """Read a cell; None where it says nothing. Raises RejectedError."""
        if place.person:
            code = self.code_of(place.person)
            return code and str(self.conventions.identity(place.person, code))
        value: Any = self.text(place.column)
        for reading in place.readings:
            if value is None:
                return None
            try:
                value = self.read(place.column, value, reading)
            except ValueError as error:
                raise self.reject("unreadable-cell", f"{place.column}: {error}") from error
        return value

    def text(self, column: str) -> str | None:
        """Give what a cell says, without the white space around it."""
        text = self.row.cells[column].strip()
        return None if text in self.conventions.unknown else text

    def code_of(self, person: str) -> str | None:
        """Say what the other system calls somebody of whom the row speaks. Raises RejectedError."""
        code = self.mapping.person[person].code.fill(self)
        return None if code is None else str(code)

    def instant(self, template: Template) -> datetime | None:
        """Give when something happened. Raises RejectedError."""
        found = template.fill(self)
        if isinstance(found, datetime | None):
            return found
        raise self.reject("no-instant", f"{template.text} is not read as an instant")

    def reject(self, slug: str, reason: str) -> RejectedError:
        """Make the error that leaves the record of this row out."""
        return RejectedError(self.row.line, slug, reason)

    def read(self, column: str, text: str, reading: str) -> Any:
        """Apply one reading. Raises ValueError, which never names the value."""
        name, _, argument = reading.partition(":")
        if name in READINGS:
            return READINGS[name](self.conventions, text, argument)
        if name in IDENTIFIERS:
            return self.identifier(column, text, name)
        table = self.conventions.values[name]
        if text not in table and "*" not in table:
            raise ValueError(f"not in the table {name} of the mapping")
        return table.get(text, table.get("*"))

    def identifier(self, column: str, text: str, name: str) -> str | None:
        """Read an identifier; one that cannot exist is left out, and never repaired."""
        try:
            return IDENTIFIERS[name].validate_python(text)
        except ValidationError:
            self.left_out.add(column)
            return None
