"""Who is meant by the ids that are also names of departments, policies and integrations."""

from collections.abc import Iterable, Iterator
from uuid import UUID


def ids_in(texts: Iterable[str]) -> set[UUID]:
    """Find the ids of persons among them."""
    return {id_ for text in texts for id_ in _as_id(text)}


def _as_id(text: str) -> Iterator[UUID]:
    try:
        yield UUID(text)
    except ValueError:  # called by its own name
        return
