"""Questions to the table of a read model, and how far its rows are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any, Generic, TypeVar

import psycopg
from psycopg.types.json import set_json_loads

from os_events.errors import UnavailableError
from os_events.eventlog.database import Pool, available
from os_events.followers.derivation import Derivation, columns_of, reader_of
from os_events.followers.positions import AsOf, state_of

R = TypeVar("R")


class ReadModelBehindError(UnavailableError):
    """The read model has not reached the position that was asked for. Ask again in a moment."""

    slug = "read-model-behind"


class ReadModel(Generic[R]):
    """Subclasses name their derivation, and add a method for each question.

    Every question raises UnavailableError.
    """

    derivation: Derivation[Any]

    def __init__(self, pool: Pool, wait_seconds: float = 2.0) -> None:
        self.pool = pool
        self.wait_seconds = wait_seconds

    @property
    def table(self) -> str:
        """Name the table that answers."""
        return f"read.{self.derivation.name}"

    @property
    def key(self) -> str:
        """Name the column that says whose rows they are."""
        return columns_of(self.derivation)[0]

    def select(self, clauses: str, *values: Any) -> list[R]:
        """Select whole rows. ``clauses`` follow FROM, with one %s for each of ``values``."""
        columns = ", ".join(columns_of(self.derivation))
        query = f"SELECT {columns} FROM {self.table} {clauses}"  # noqa: S608 - only our words
        read = reader_of(self.derivation)
        return [read(record) for record in self.records(query, *values)]

    def records(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask anything of the table; documents come as JSON text."""
        with self._asking() as connection:
            cursor = connection.cursor()
            set_json_loads(as_text, cursor)
            return cursor.execute(query, values).fetchall()

    def as_of(self) -> AsOf:
        """Say what the rows reflect; asked before a question, what its answer has at least."""
        with self._asking() as connection:
            return state_of(connection, self.derivation.name)

    def reach(self, position: int) -> AsOf:
        """Wait until the rows reflect ``position``. Raises ReadModelBehindError."""
        return reached(self.as_of, position, self.wait_seconds, self.table)

    @contextmanager
    def _asking(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            with available("the read model"), self.pool.connection() as connection:
                yield connection
        except psycopg.errors.UndefinedTable as error:
            raise ReadModelBehindError(f"{self.table} is not built yet") from error


def reached(as_of: Callable[[], AsOf], position: int, wait_seconds: float, what: str) -> AsOf:
    """Wait until ``what`` reflects a position. Raises ReadModelBehindError."""
    deadline = monotonic() + wait_seconds
    while (found := as_of()).position < position:
        if monotonic() > deadline or found.degraded_since is not None:
            raise ReadModelBehindError(f"{what} has not reached position {position}")
        sleep(0.01)
    return found


def as_text(json: bytes | str) -> bytes | str:
    """Leave JSON as it came: the row knows how to read it."""
    return json
