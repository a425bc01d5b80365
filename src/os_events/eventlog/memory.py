"""The aggregates that were recorded last, so that a busy order is not loaded each time."""

from threading import Lock
from typing import TypeVar
from uuid import UUID

from os_events.aggregates.base import Aggregate

A = TypeVar("A", bound=Aggregate)


class Memory:
    """At most ``size`` aggregates; the one that was kept longest ago goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[UUID, Aggregate] = {}
        self._lock = Lock()

    def take(self, cls: type[A], aggregate_id: UUID) -> A | None:
        """Take an aggregate out: whoever changes it keeps it again once that is recorded."""
        with self._lock:
            known = self._kept.pop(aggregate_id, None)
        return known if isinstance(known, cls) else None

    def keep(self, aggregate: Aggregate) -> None:
        """Remember an aggregate as it is recorded now."""
        with self._lock:
            self._kept[aggregate.id] = aggregate
            if len(self._kept) > self._size:
                del self._kept[next(iter(self._kept))]
