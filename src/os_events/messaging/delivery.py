"""Batches on their way: sent, acknowledged all, and only then is the position moved."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from opentelemetry.trace import SpanKind

from os_events.failpoints import failpoint
from os_events.messaging.feed import Entry
from os_events.messaging.ports import BrokerUnavailableError, Producer
from os_events.messaging.published import Ends, Published
from os_events.messaging.records import Outgoing
from os_events.messaging.scan import Remainder
from os_events.metrics import (
    PUBLISHER_BACKLOG_EVENTS,
    PUBLISHER_OLDEST_SECONDS,
    PUBLISHER_POSITION,
    PUBLISHER_RECORDS,
    PUBLISHER_SKIPPED_BY_SCAN,
)
from os_events.tracing import batch_span


class InDoubtError(BrokerUnavailableError):
    """Kafka did not acknowledge what was sent, and may have it or not.

    The publisher ends, is started again, and looks what is there; nothing needs to be done.
    """

    slug = "publication-in-doubt"


class Limits(NamedTuple):
    """How a publisher waits, in seconds, and how many positions it sends together."""

    settle: float = 30.0  # after an unclean stop: as long as a client's request may take
    deadline: float = 30.0  # for all acknowledgements of a batch
    batch: int = 500


@dataclass
class Delivery:
    """What one owner of a topic sends, from its lease to its end.

    Shape: ``ends`` is stored with the position. It stays where the scan began until all is behind
    us that the scan found: who begins after us must find that again.
    """

    published: Published
    producer: Producer
    limits: Limits
    position: int
    remainder: Remainder
    ends: Ends
    reached: Ends  # the ends as far as we know them
    head: int = 0
    topic: str = field(init=False)

    def __post_init__(self) -> None:
        self.topic = self.published.topic

    def send(self, batch: Sequence[Entry]) -> None:
        """Send a batch, wait until all of it is acknowledged, and move on.

        Raises: InDoubtError, PositionMovedError.
        """
        records = [entry.record for entry in batch if entry.record]
        lacking = [
            entry.record
            for entry in batch
            if entry.record and self.remainder.lacks(entry.position, entry.record.key)
        ]
        self._deliver(lacking)
        failpoint("publisher.acked")
        last = batch[-1].position
        if last >= self.remainder.last:
            self.ends = dict(self.reached)
        self.published.move(self.position, last, self.ends)
        self.position = last
        PUBLISHER_RECORDS.labels(self.topic).inc(len(lacking))
        PUBLISHER_SKIPPED_BY_SCAN.labels(self.topic).inc(len(records) - len(lacking))
        observe(self.published, self.position, self.head)

    def _deliver(self, records: Sequence[Outgoing]) -> None:
        until = monotonic() + self.limits.deadline
        about = {
            "messaging.system": "kafka",
            "messaging.destination.name": self.topic,
            "messaging.batch.message_count": len(records),
        }
        causes = (trace_of(record) for record in records)
        with batch_span(f"send {self.topic}", SpanKind.PRODUCER, causes, about):
            try:
                acks = [self.producer.send(record) for record in records]
                for ack in acks:
                    partition, offset = ack.wait(max(until - monotonic(), 0.0))
                    self.reached[partition] = max(self.reached.get(partition, 0), offset + 1)
            except BrokerUnavailableError as error:
                raise InDoubtError(str(error)) from error


def observe(published: Published, position: int, head: int) -> None:
    """Tell the metrics how far a topic is."""
    PUBLISHER_POSITION.labels(published.topic).set(position)
    PUBLISHER_BACKLOG_EVENTS.labels(published.topic).set(max(head - position, 0))
    PUBLISHER_OLDEST_SECONDS.labels(published.topic).set(published.age(position + 1))


def trace_of(record: Outgoing) -> str | None:
    """Give the trace context of the command behind a record."""
    return next((value.decode() for name, value in record.headers if name == "traceparent"), None)
