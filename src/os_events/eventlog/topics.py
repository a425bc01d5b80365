"""Which class a stored name means: a closed list, never a path of Python."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import os_events.aggregates  # noqa: F401 - a class is known once its module is imported
from os_events.aggregates.base import Aggregate, DomainEvent
from os_events.errors import UnavailableError

T = TypeVar("T")


class UnreadableEventError(UnavailableError):
    """The log holds an event that this version of the program does not know. Install a newer one.

    Nothing is wrong with the log.
    """

    slug = "event-unreadable"


class Topics(dict[str, type[T]], Generic[T]):
    """The classes below ``base`` by their ``TOPIC``. Raises UnreadableEventError for others."""

    def __init__(self, base: type[T]) -> None:
        super().__init__()
        self._base = base

    def __missing__(self, topic: str) -> type[T]:
        self.update((vars(cls)["TOPIC"], cls) for cls in below(self._base) if "TOPIC" in vars(cls))
        found = self.get(topic)
        if found is None:
            raise UnreadableEventError(f"topic {topic!r}")
        return found


def below(base: type[Any]) -> Iterator[type[Any]]:
    """Give every class that is derived from ``base``."""
    for cls in base.__subclasses__():
        yield cls
        yield from below(cls)


EVENTS: Topics[DomainEvent] = Topics(DomainEvent)
AGGREGATES: Topics[Aggregate] = Topics(Aggregate)


def lift(kind: type[DomainEvent], state: dict[str, Any], written: int) -> None:
    """Bring a state from the shape in which it was written to today's.

    Raises: UnreadableEventError for a shape that is newer than today's.
    """
    if written > kind.schema_version:
        known = f"this version knows {kind.schema_version}"
        raise UnreadableEventError(f"topic {kind.TOPIC!r}, version {written}: {known}")
    for version in range(written, kind.schema_version):
        getattr(kind, f"upcast_v{version}_v{version + 1}")(state)
