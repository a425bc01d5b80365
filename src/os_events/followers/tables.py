"""The table of a read model: the rows of many histories replaced in two statements, or copied."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import psycopg

from os_events.aggregates.chronology import History
from os_events.errors import OsEventsError
from os_events.followers.derivation import Derivation, columns_of, writer_of

Connection = psycopg.Connection[Any]

PARTITIONS = """SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid
    WHERE inhparent = %s::regclass"""
COLUMN_TYPES = """SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"""


class UnderivableError(OsEventsError):
    """A read model's rows cannot be derived from a history. Mend its code, then rebuild."""

    slug = "underivable"


class Table:
    """The rows of one derivation, in its own table or in one that is being built beside it."""

    # All names come from the derivation's own source: nothing here was typed by a user.

    def __init__(self, derivation: Derivation[Any], suffix: str = "") -> None:
        self.derivation = derivation
        self.name = f"{derivation.name}{suffix}"
        self.columns = columns_of(derivation)
        self._write = writer_of(derivation)
        self._insert: str | None = None

    def prepare(self, connection: Connection) -> bool:
        """Make the table if it is missing; say whether it was."""
        found = connection.execute("SELECT to_regclass(%s)", (f"read.{self.name}",)).fetchone()
        missing = found == (None,)
        if missing:
            self.create(connection)
        return missing

    def create(self, connection: Connection) -> None:
        """Make the table, empty."""
        connection.execute(f"DROP TABLE IF EXISTS read.{self.name}")
        connection.execute(self.derivation.ddl.format(table=f"read.{self.name}"))

    def become(self, connection: Connection, other: "Table") -> None:
        """Take the place of ``other``, with all partitions."""
        connection.execute(f"DROP TABLE IF EXISTS read.{other.name}")
        for (name,) in connection.execute(PARTITIONS, (f"read.{self.name}",)).fetchall():
            ending = name.removeprefix(self.name)
            connection.execute(f"ALTER TABLE read.{name} RENAME TO {other.name}{ending}")
        connection.execute(f"ALTER TABLE read.{self.name} RENAME TO {other.name}")

    def replace(self, connection: Connection, histories: Mapping[UUID, History]) -> None:
        """Write all rows of these histories anew."""
        rows = self._written(histories)
        cursor = connection.cursor(binary=True)
        cursor.execute(
            f"DELETE FROM read.{self.name} WHERE {self.columns[0]} = ANY(%b)",  # noqa: S608 - as above
            (list(histories),),
            prepare=True,
        )
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(self._insert_statement(connection), columns, prepare=True)

    def copy(self, connection: Connection, histories: Mapping[UUID, History]) -> None:
        """Write the rows of histories that have none yet."""
        rows = self._written(histories)
        types = list(self._types(connection).values())
        copy = f"COPY read.{self.name} ({', '.join(self.columns)}) FROM STDIN (FORMAT BINARY)"
        with connection.cursor().copy(copy) as target:
            target.set_types(types)
            for row in rows:
                target.write_row(row)

    def derive(self, histories: Mapping[UUID, History]) -> Iterator[Any]:
        """Give the rows of histories. Raises UnderivableError, which names the history."""
        for aggregate_id, history in histories.items():
            try:
                yield from self.derivation.rows(history)
            except Exception as error:
                raise UnderivableError(f"{self.name}: {aggregate_id}") from error

    def _written(self, histories: Mapping[UUID, History]) -> list[tuple[Any, ...]]:
        return [self._write(row) for row in self.derive(histories)]

    def _types(self, connection: Connection) -> dict[str, str]:
        found = dict(connection.execute(COLUMN_TYPES, (f"read.{self.name}",)).fetchall())
        return {name: found[name] for name in self.columns}

    def _insert_statement(self, connection: Connection) -> str:
        if self._insert is None:
            types = self._types(connection)
            arrays = ", ".join(f"%b::{kind}[]" for kind in types.values())
            self._insert = (
                f"INSERT INTO read.{self.name} ({', '.join(types)}) "  # noqa: S608 - as above
                f"SELECT * FROM unnest({arrays})"
            )
        return self._insert
