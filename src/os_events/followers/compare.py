"""Find rows that are not what the log says: edited by hand, or left by a bug."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import set_json_loads

from os_events.eventlog.database import available
from os_events.followers.derivation import reader_of
from os_events.followers.history_tables import HistoryTables, grouped
from os_events.followers.positions import positions_of
from os_events.followers.read_model import as_text
from os_events.followers.rebuild import CHUNK, Derivations, Progress, Source, tell_nobody
from os_events.followers.tables import Table

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"

Rows = dict[UUID, Counter[Any]]  # by history


@dataclass(frozen=True, slots=True)
class Difference:
    """A history whose rows in a table are not those that the log gives."""

    table: str
    aggregate_id: UUID


def differences(
    source: Source, derivations: Derivations, progress: Progress = tell_nobody
) -> Iterator[Difference]:
    """Derive all rows again, as of where each table is, and compare. Followers go on meanwhile.

    Raises: UnderivableError, UnavailableError.
    """
    for tables in grouped(source.log, derivations):
        with available("the read models"), source.pool.connection() as one, one.transaction():
            one.execute(SNAPSHOT)
            yield from _differences(one, tables, progress)


def _differences(
    connection: psycopg.Connection[Any], tables: HistoryTables, progress: Progress
) -> Iterator[Difference]:
    at = positions_of(connection, tables.positions)
    chunks = tables.chunks(max(at.values(), default=0), CHUNK)
    done, total = 0, sum(map(len, chunks))
    for chunk in chunks:
        known = {position: tables.read(chunk, position) for position in set(at.values())}
        for table in tables.tables:
            derived = by_history(table.derive(known[at[table.name]]), table)
            found = by_history(rows_in(connection, table, chunk), table)
            for aggregate_id in chunk:
                if derived[aggregate_id] != found[aggregate_id]:
                    yield Difference(table.name, aggregate_id)
        done += len(chunk)
        progress(done, total)
    for table in tables.tables:
        yield from strays(connection, table, [id_ for chunk in chunks for id_ in chunk])


def rows_in(connection: psycopg.Connection[Any], table: Table, ids: list[UUID]) -> Iterator[Any]:
    """Read the rows of some histories."""
    cursor = connection.cursor()
    set_json_loads(as_text, cursor)
    read = reader_of(table.derivation)
    query = f"SELECT {', '.join(table.columns)} FROM read.{table.name} WHERE {table.columns[0]} = ANY(%s)"  # noqa: S608, E501
    return map(read, cursor.execute(query, (ids,)))


def strays(
    connection: psycopg.Connection[Any], table: Table, ids: list[UUID]
) -> Iterator[Difference]:
    """Find rows of histories that the log does not have."""
    query = f"SELECT {table.columns[0]} FROM read.{table.name} EXCEPT SELECT unnest(%b::uuid[])"  # noqa: S608 - only our words
    for (aggregate_id,) in connection.execute(query, (ids,)):
        yield Difference(table.name, aggregate_id)


def by_history(rows: Iterator[Any], table: Table) -> Rows:
    """Sort rows by whose history they are of."""
    found: Rows = defaultdict(Counter)
    for row in rows:
        found[getattr(row, table.columns[0])][row] += 1
    return found
