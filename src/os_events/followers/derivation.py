"""What a read model is made of: rows that are a pure function of one whole history."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Generic, TypeVar, get_type_hints

from psycopg.types.json import Json
from pydantic import TypeAdapter

from os_events.aggregates.chronology import History

R = TypeVar("R")


@dataclass(frozen=True)
class Derivation(Generic[R]):
    """One table, and how its rows come about.

    Shape: ``row`` is a frozen dataclass of the table's columns or, where a history has many rows, a
    named tuple, which is made in half the time; first the id of the aggregate whose history it is;
    a column that is a dataclass itself is kept as json. ``rows`` gives all rows of a history of the
    kind ``of``, and looks at nothing else: no clock, no other table. ``topics`` are the events that
    it looks at; none: all of that kind. Personal values are sealed, unless it is ``opened``.

    A changed derivation gets a new name, never an ALTER.
    """

    name: str
    of: type[History]
    row: type[R]
    rows: Callable[[Any], Iterable[R]]
    ddl: str
    topics: tuple[str, ...] = ()
    opened: bool = False


@cache
def columns_of(derivation: Derivation[Any]) -> tuple[str, ...]:
    """Name the columns, first that of the aggregate's id."""
    return tuple(get_type_hints(derivation.row))


@cache
def documents_of(derivation: Derivation[Any]) -> Mapping[int, TypeAdapter[Any]]:
    """Say which columns hold a document, by their place, and how it is read and written."""
    hints = get_type_hints(derivation.row)
    kinds = enumerate(hints[name] for name in columns_of(derivation))
    return {place: TypeAdapter(kind) for place, kind in kinds if is_dataclass(kind)}


@cache
def writer_of(derivation: Derivation[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Make the function that turns a row into what the driver takes."""
    values: Callable[[Any], tuple[Any, ...]] = attrgetter(*columns_of(derivation))
    if issubclass(derivation.row, tuple):
        values = tuple
    documents = documents_of(derivation)
    if not documents:
        return values

    def written(row: Any) -> tuple[Any, ...]:
        record = list(values(row))
        for place, adapter in documents.items():
            record[place] = Json(record[place], dumps=adapter.dump_json)
        return tuple(record)

    return written


@cache
def reader_of(derivation: Derivation[R]) -> Callable[[tuple[Any, ...]], R]:
    """Make the function that turns what the driver gives, documents as JSON text, into a row."""
    documents = documents_of(derivation)

    def read(record: tuple[Any, ...]) -> R:
        values = list(record)
        for place, adapter in documents.items():
            values[place] = adapter.validate_json(values[place])
        return derivation.row(*values)

    return read
