"""What is posted: the public event as a CloudEvent in structured JSON."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic_core import to_json

from os_events.aggregates.base import DomainEvent
from os_events.eventlog.log import EventLog
from os_events.messaging.chronicle import Chronicle, chronicle_of
from os_events.messaging.cloudevents import CloudEvent, source_of
from os_events.messaging.order_events import ORDER_EVENTS
from os_events.messaging.public.cloud import cloud_event
from os_events.messaging.public.shape import ShapeError
from os_events.messaging.webhooks.deliveries import TEST, Delivery
from os_events.values.scalars import written


class Addressed(NamedTuple):
    """Which event of which order, and its public type."""

    order_id: UUID
    version: int
    position: int
    type: str


class Letters:
    """Turns events of the log into what receivers get."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self._read: tuple[int, Chronicle] | None = None  # up to where, and what it says

    def public(self, after: int, upto: int) -> list[Addressed]:
        """Name the public events at positions after < position <= upto.

        What somebody left out of the topic of public events is left out here too.
        Raises: ShapeError, UnreadableEventError, TamperedError, UnavailableError.
        """
        events, chronicle = self.log.read(after, upto), self._chronicle(self.log.head())
        shaped = [
            (event, told(event, chronicle))
            for event in events
            if (ORDER_EVENTS, event.position) not in chronicle.skipped
        ]
        return [
            Addressed(event.aggregate_id, event.version, event.position, public.type)
            for event, public in shaped
            if public
        ]

    def body(self, delivery: Delivery, now: datetime) -> bytes:
        """Write a message. Raises as ``public`` does."""
        if delivery.is_test:
            return structured(self._trial(delivery, now))
        at = delivery.position
        [event] = self.log.read(at - 1, at)
        public = told(event, self._chronicle(at))
        if public is None:
            raise ShapeError(f"position {at} was public, and is not any more")
        return structured(public)

    def _chronicle(self, upto: int) -> Chronicle:
        if self._read is None or self._read[0] < upto:
            [first] = self.log.read(0, 1)
            self._read = upto, chronicle_of(self.log, first.aggregate_id, upto)
        return self._read[1]

    def _trial(self, delivery: Delivery, now: datetime) -> CloudEvent:
        chronicle = self._chronicle(self.log.head())
        attributes = {
            "specversion": "1.0",
            "type": TEST,
            "source": source_of(chronicle.names[-1]),
            "id": delivery.id,
            "subject": str(delivery.endpoint),
            "time": written(now),
            "datacontenttype": "application/json",
        }
        return CloudEvent(attributes, to_json({"endpoint_id": delivery.endpoint}))


def told(event: DomainEvent, chronicle: Chronicle) -> CloudEvent | None:
    """Give the public event, under the name that the log had then."""
    at = event.position
    return cloud_event(event, origin=chronicle.origin(at), epoch=chronicle.epoch(at))


def structured(event: CloudEvent) -> bytes:
    """Write an event in structured mode; its data stays byte for byte. Source: CloudEvents JSON."""
    around = to_json({**event.attributes, **event.trace})
    return around[:-1] + b',"data":' + event.data + b"}"
