"""``os.order.events.v1``: the facts of orders in their public shapes, for whoever may read it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

from os_events.aggregates.base import DomainEvent
from os_events.errors import TamperedError
from os_events.eventlog.log import EventLog
from os_events.messaging.chronicle import Chronicle
from os_events.messaging.feed import Entries, Entry, LogGapError, PoisonousEventError
from os_events.messaging.public.cloud import cloud_event
from os_events.messaging.public.shape import ShapeError
from os_events.messaging.records import Outgoing

ORDER_EVENTS = "os.order.events.v1"
AT_ONCE = 500  # positions read together


class OrderEvents:
    """What orders go through, as others may rely on it."""

    def __init__(self, log: EventLog, topic: str = ORDER_EVENTS) -> None:
        self.log = log
        self.topic = topic

    def opened(self) -> AbstractContextManager[Entries]:
        """Give what reads it: the log is open."""
        return nullcontext(self.entries)

    def entries(self, after: int, upto: int, chronicle: Chronicle) -> Iterator[Entry]:
        """Give every position in order; facts without a public shape have no record."""
        for begin in range(after, upto, AT_ONCE):
            end = min(begin + AT_ONCE, upto)
            for event in self._read(begin, end):
                yield Entry(event.position, self._record(event, chronicle))

    def _read(self, after: int, upto: int) -> list[DomainEvent]:
        try:
            return self.log.read(after, upto)
        except TamperedError as error:
            raise LogGapError(str(error)) from error

    def _record(self, event: DomainEvent, chronicle: Chronicle) -> Outgoing | None:
        origin, epoch = chronicle.origin(event.position), chronicle.epoch(event.position)
        try:
            told = cloud_event(event, origin=origin, epoch=epoch)
        except ShapeError as error:
            if (self.topic, event.position) in chronicle.skipped:
                return None
            raise PoisonousEventError(f"position {event.position}: {error}") from error
        if told is None:
            return None
        key = told.attributes["partitionkey"].encode()
        return Outgoing(self.topic, key, told.data, told.headers())
