"""Batches on their way: sent, all acknowledged, and only then is the position moved."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from opentelemetry.trace import SpanKind

from os_events.failpoints import failpoint
from os_events.messaging.feed import Entry
from os_events.messaging.ports import Ack, BrokerUnavailableError, Producer
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
from os_events.tracing import Attributes, batch_span


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


class OnTheWay(NamedTuple):
    """A batch that was sent. Shape: ``until`` is of the monotonic clock; ``found`` are left out."""

    last: int
    acks: Sequence[Ack]
    until: float
    found: int


@dataclass
class Delivery:
    """What one owner of a topic sends, from its lease to its end; one batch at a time.

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
    _on_the_way: OnTheWay | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.topic = self.published.topic

    def send(self, batch: Sequence[Entry]) -> None:
        """Send a batch, once the one before it has settled. Raises what ``settle`` raises."""
        self.settle()
        records = [entry.record for entry in batch if entry.record]
        lacking = [
            entry.record
            for entry in batch
            if entry.record and self.remainder.lacks(entry.position, entry.record.key)
        ]
        until, found = monotonic() + self.limits.deadline, len(records) - len(lacking)
        self._on_the_way = OnTheWay(batch[-1].position, self._sent(lacking), until, found)

    def settle(self) -> None:
        """Wait until all that is on its way is acknowledged, and move on.

        Raises: InDoubtError, PositionMovedError.
        """
        if self._on_the_way is None:
            return
        (last, acks, until, found), self._on_the_way = self._on_the_way, None
        with in_doubt():
            for ack in acks:
                partition, offset = ack.wait(max(until - monotonic(), 0.0))
                self.reached[partition] = max(self.reached.get(partition, 0), offset + 1)
        failpoint("publisher.acked")
        if last >= self.remainder.last:
            self.ends = dict(self.reached)
        self.published.move(self.position, last, self.ends)
        self.position = last
        PUBLISHER_RECORDS.labels(self.topic).inc(len(acks))
        PUBLISHER_SKIPPED_BY_SCAN.labels(self.topic).inc(found)
        observe(self.published, self.position, self.head)

    def _sent(self, records: Sequence[Outgoing]) -> list[Ack]:
        about: Attributes = {
            "messaging.system": "kafka",
            "messaging.destination.name": self.topic,
            "messaging.batch.message_count": len(records),
        }
        causes = (trace_of(record) for record in records)
        with batch_span(f"send {self.topic}", SpanKind.PRODUCER, causes, about), in_doubt():
            return [self.producer.send(record) for record in records]


@contextmanager
def in_doubt() -> Iterator[None]:
    """Say of an error of the broker that what was sent may be there, or not."""
    try:
        yield
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
