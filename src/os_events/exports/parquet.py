"""Parquet: a file for each table, its rows derived from the log as it was at a position.

Amounts are integers, in centavos; instants are UTC, in microseconds; ids are texts.
"""

import inspect
import types
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from operator import attrgetter
from typing import Any, BinaryIO, Self, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from os_events.aggregates.chronology import History
from os_events.eventlog.log import EventLog
from os_events.exports.provenance import Provenance
from os_events.followers.derivation import Derivation
from os_events.followers.history_tables import grouped
from os_events.followers.rebuild import CHUNK, Progress, tell_nobody, without_collector
from os_events.followers.tables import Table

GROUP = 1 << 16  # rows at least in each group of a file but the last
TYPES: Mapping[type[Any], Any] = {  # the first that fits
    bool: pa.bool_(),
    int: pa.int64(),
    str: pa.string(),
    UUID: pa.string(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
}


def write(
    log: EventLog,
    files: Mapping[str, BinaryIO],
    derivations: Sequence[Derivation[Any]],
    made_of: Provenance,
    progress: Progress = tell_nobody,
) -> None:
    """Write the rows of each table into the file of its name. Nothing of it is read from a table.

    Shape: rows stand in the order in which their orders begin in the log.

    Raises: ValueError for a table with personal values; UnderivableError, UnavailableError.
    """
    if opened := [one.name for one in derivations if one.opened]:
        raise ValueError(f"tables with personal values are not exported: {opened}")
    groups = grouped(log, derivations)
    chunks = [(group, ids) for group in groups for ids in group.chunks(made_of.position, CHUNK)]
    done, total = 0, sum(len(ids) for _, ids in chunks)
    with ExitStack() as writers:
        targets = {
            table.name: writers.enter_context(Target(table, files[table.name], made_of))
            for group in groups
            for table in group.tables
        }
        for group, ids in chunks:
            with without_collector():
                found = group.read(ids, made_of.position)
                histories = {aggregate_id: found[aggregate_id] for aggregate_id in ids}
                for table in group.tables:
                    targets[table.name].add(histories)
            done += len(ids)
            progress(done, total)


class Target:
    """One file, written in groups of rows."""

    def __init__(self, table: Table, file: BinaryIO, made_of: Provenance) -> None:
        self._table = table
        self._schema = schema_of(table.derivation, made_of)
        self._values = attrgetter(*table.columns)
        self._rows: list[tuple[Any, ...]] = []
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if error == (None, None, None):
            self._flush()
        self._writer.close()

    def add(self, histories: Mapping[UUID, History]) -> None:
        """Add the rows of histories. Raises UnderivableError."""
        self._rows.extend(map(self._values, self._table.derive(histories)))
        if len(self._rows) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            columns = zip(*self._rows, strict=True)
            arrays = [
                pa.array(map(written, column), one.type)
                for column, one in zip(columns, self._schema, strict=True)
            ]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
            self._rows.clear()


def schema_of(derivation: Derivation[Any], made_of: Provenance) -> Any:
    """Say which columns a table has, what it is, and what the file was made of."""
    hints = get_type_hints(derivation.row)
    about = {"description": inspect.cleandoc(derivation.row.__doc__ or "")}
    origin = {f"os_events.{name}": str(value) for name, value in made_of._asdict().items()}
    columns = [column(name, kind) for name, kind in hints.items()]
    return pa.schema(columns, metadata=about | origin)


def column(name: str, hint: Any) -> Any:
    """Make a column of a field. Raises TypeError for what is no single value."""
    parts = get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)
    [kind, *more] = (part for part in parts if part is not types.NoneType)
    fits = [
        found for base, found in TYPES.items() if isinstance(kind, type) and issubclass(kind, base)
    ]
    if more or not fits:
        raise TypeError(f"{name}: {hint} is no column of a file")
    return pa.field(name, fits[0], nullable=types.NoneType in parts)


def written(value: Any) -> Any:
    """Write an id as a text."""
    return str(value) if isinstance(value, UUID) else value
