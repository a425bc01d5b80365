"""The log as stored, for whoever checks it: read in order of position, and no more."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL, Composed

from os_events.errors import TamperedError
from os_events.eventlog.database import available, connect

AT_ONCE = 4096  # rows
LEAF_BYTES = 32

# A time that Python cannot hold is read as the first of all, where no row of the log can stand.
# The leaf before is looked up row by row: a join would be planned as a sort of the whole log.
ROWS = SQL("""SELECT position, aggregate_id, version, event,
    CASE WHEN recorded_at BETWEEN '0001-01-01' AND '9999-12-31' THEN recorded_at
        ELSE '0001-01-01' END, nonce, leaf, state,
    (SELECT leaf FROM log.events AS before WHERE before.aggregate_id = events.aggregate_id
        AND before.version = events.version - 1 AND before.position < events.position)
    FROM log.events """)
BETWEEN = SQL("""WHERE (%(after)s::bigint IS NULL OR position > %(after)s)
    AND (%(upto)s::bigint IS NULL OR position <= %(upto)s) ORDER BY position""")
LEAVES = """SELECT count(*), coalesce(string_agg(leaf, ''::bytea ORDER BY position), '')
    FROM log.events WHERE position > %s AND position <= %s"""


class StoredRow(NamedTuple):
    """One event as the table holds it, and the leaf of the version before it, if there is one."""

    position: int
    aggregate_id: UUID
    version: int
    event: str
    recorded_at: datetime
    nonce: bytes
    leaf: bytes
    state: bytes
    previous: bytes | None


@contextmanager
def stored_rows(
    url: str, role: str, after: int | None = None, upto: int | None = None
) -> Iterator[Iterator[StoredRow]]:
    """Give the rows at positions after < position <= upto from one snapshot, while it is open.

    Raises: UnavailableError.
    """
    with (
        available("the log"),
        connect(url, role) as connection,
        connection.transaction(),
        connection.cursor("rows", binary=True) as cursor,
    ):
        cursor.itersize = AT_ONCE
        cursor.execute(ROWS + BETWEEN, {"after": after, "upto": upto})
        yield map(StoredRow._make, cursor)


def rows_between(connection: Connection[Any], after: int, upto: int) -> list[StoredRow]:
    """Give the rows at positions after < position <= upto, on a connection that is open already.

    Raises: UnavailableError.
    """
    with available("the log"):
        cursor = connection.cursor(binary=True)
        found = cursor.execute(ROWS + BETWEEN, {"after": after, "upto": upto})
        return [StoredRow._make(row) for row in found]


def history_rows(url: str, role: str, aggregate_id: UUID) -> list[StoredRow]:
    """Give the rows of one aggregate, in order of version; none if there is no such aggregate."""
    return _rows(url, role, SQL("WHERE aggregate_id = %s ORDER BY version"), (aggregate_id,))


def last_row(url: str, role: str) -> StoredRow | None:
    """Give the row at the last position; None in an empty log."""
    rows = _rows(url, role, SQL("ORDER BY position DESC LIMIT 1"), ())
    return rows[0] if rows else None


def rows_at(url: str, role: str, positions: Sequence[int]) -> dict[int, StoredRow]:
    """Give the rows at these positions, as far as there are any."""
    rows = _rows(url, role, SQL("WHERE position = ANY(%s)"), (list(positions),))
    return {row.position: row for row in rows}


def leaves(url: str, role: str, upto: int, at_once: int = 1 << 16) -> Iterator[bytes]:
    """Give the leaves of positions 1 to ``upto``, packed, in portions.

    Raises: TamperedError if one is missing; UnavailableError.
    """
    with available("the log"), connect(url, role) as connection:
        cursor = connection.cursor(binary=True)
        for after in range(0, upto, at_once):
            end = min(after + at_once, upto)
            count, packed = cursor.execute(LEAVES, (after, end)).fetchone() or (0, b"")
            if count != end - after or len(packed) != count * LEAF_BYTES:
                raise TamperedError(
                    f"positions {after + 1} to {end}: a row is missing (row-missing)"
                )
            yield packed


def _rows(url: str, role: str, which: SQL | Composed, values: tuple[Any, ...]) -> list[StoredRow]:
    with available("the log"), connect(url, role) as connection:
        cursor = connection.cursor(binary=True)
        return [StoredRow._make(row) for row in cursor.execute(ROWS + which, values)]
