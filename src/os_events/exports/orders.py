"""Orders as exports read them: one by one, as they were on record at a position."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.status import Standing
from os_events.eventlog.log import EventLog
from os_events.followers.histories import by_aggregate
from os_events.followers.rebuild import CHUNK, Progress, tell_nobody, without_collector

TOPICS = [f"{OrderHistory.TOPIC}.%"]


class Fact(NamedTuple):
    """A fact, the instant at which it counts, and how the order stood after that instant."""

    at: datetime
    event: DomainEvent
    now: Standing


class Orders:
    """The histories of all orders up to a position, in the order in which they begin in the log.

    Personal values stay sealed. Held are some hundred histories at a time, and the ids of all.
    """

    def __init__(self, log: EventLog, position: int, progress: Progress = tell_nobody) -> None:
        self._log = log
        self._position = position
        self._progress = progress
        self.ids: Sequence[UUID] = log.begun(OrderHistory.BEGINS, position)

    def __iter__(self) -> Iterator[OrderHistory]:
        for first in range(0, len(self.ids), CHUNK):
            self._progress(first, len(self.ids))
            yield from self._read(self.ids[first : first + CHUNK])
        self._progress(len(self.ids), len(self.ids))

    def _read(self, ids: Sequence[UUID]) -> Iterator[OrderHistory]:
        with without_collector():
            found = by_aggregate(self._log.histories(ids, self._position, TOPICS))
        for aggregate_id in ids:
            yield OrderHistory.of(found.pop(aggregate_id))


def facts(history: OrderHistory) -> Iterator[Fact]:
    """Give the facts of an order, as they happened."""
    standings = history.course.standings
    for at, event in history.events:
        place = bisect_right(standings, at, key=itemgetter(0))
        yield Fact(at, event, standings[place - 1][1])
