"""How people are called, for those who may know it."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from os_events.console.reader import Reader


def names_of(reader: Reader, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Open the names of people. Raises UnavailableError."""
    return reader.parts.names.of(ids, reader.language)


def ids_in(texts: Iterable[str | None]) -> set[UUID]:
    """Find the ids of persons among the names of whoever may be responsible."""
    return {id_ for text in texts if text for id_ in _as_id(text)}


def _as_id(text: str) -> Iterator[UUID]:
    try:
        yield UUID(text)
    except ValueError:  # a department or a subcontractor, called by its own name
        return
