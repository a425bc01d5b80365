"""Whole histories: read from the log, or kept while something is busy."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.chronology import History
from os_events.errors import NotFoundError
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Batch

H = TypeVar("H", bound=History)

Events = dict[UUID, list[DomainEvent]]  # by aggregate


class HistorySource(Protocol):
    """Where whole histories come from: the log, or what was received of it elsewhere."""

    def histories(
        self,
        aggregate_ids: Sequence[UUID],
        upto: int = ...,
        topics: Sequence[str] = ...,
        *,
        opened: bool = ...,
    ) -> list[DomainEvent]:
        """Give the events of these aggregates and topics, one history after the other."""

    def begun(self, topic: str, upto: int = ...) -> list[UUID]:
        """Name the aggregates that began with ``topic`` at positions <= upto, oldest first."""


def by_aggregate(events: Iterable[DomainEvent]) -> Events:
    """Sort events by whose history they are in."""
    found: Events = defaultdict(list)
    for event in events:
        found[event.aggregate_id].append(event)
    return found


class Histories:
    """The history of anything, for questions."""

    def __init__(self, log: EventLog) -> None:
        self.log = log

    def of(self, kind: type[H], aggregate_id: UUID, *, opened: bool = False) -> H:
        """Give one whole history. Raises NotFoundError, UnavailableError."""
        events = self.log.history_of(aggregate_id, opened=opened)
        if not events or not kind.has(events[0].TOPIC):
            raise NotFoundError(f"no {kind.TOPIC} {aggregate_id}")
        return kind.of(events)


class BusyHistories:
    """The histories that batches touch, kept for the next batch: at most ``largest`` events."""

    def __init__(
        self, source: HistorySource, topics: Sequence[str], *, opened: bool, largest: int = 50_000
    ) -> None:
        self.source = source
        self.topics = topics
        self.opened = opened
        self.largest = largest
        self._kept: Events = {}
        self._size = 0
        self._position = 0  # what is kept is known up to here, and only if nobody else moved on

    def touched_by(self, batch: Batch) -> Events:
        """Give all events of every history in ``batch``, up to its end."""
        if batch.after != self._position:
            self._kept.clear()
            self._size = 0
        news = by_aggregate(batch.events)
        known = {id_: self._take(id_) + news[id_] for id_ in news if id_ in self._kept}
        known |= {id_: found for id_, found in news.items() if found[0].version == 1}
        return known | self.read(news.keys() - known.keys(), batch.upto)

    def read(self, ids: Iterable[UUID], upto: int) -> Events:
        """Read histories up to a position."""
        if not (wanted := list(ids)):
            return {}
        events = self.source.histories(wanted, upto, self.topics, opened=self.opened)
        return by_aggregate(events)

    def keep(self, histories: Mapping[UUID, list[DomainEvent]], position: int) -> None:
        """Remember histories that were taken in, up to ``position``; forget the oldest."""
        for aggregate_id, events in histories.items():
            self._kept[aggregate_id] = events
            self._size += len(events)
        while self._size > self.largest:
            self._take(next(iter(self._kept)))
        self._position = position

    def _take(self, aggregate_id: UUID) -> list[DomainEvent]:
        events = self._kept.pop(aggregate_id)
        self._size -= len(events)
        return events
