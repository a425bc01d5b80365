"""What must be so of a topic before anything is sent to it: three guards, each with its way out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from os_events.errors import ConflictError
from os_events.messaging.chronicle import Chronicle
from os_events.messaging.cloudevents import source_of
from os_events.messaging.records import Incoming, Partition


class TopicAheadOfLogError(ConflictError):
    """The topic holds events that the log has no more: the log was restored from a backup.

    Record a new epoch: ``os-events ledger new-epoch``. The publisher then goes on by itself.
    """

    slug = "topic-ahead-of-log"


class TopicLostRecordsError(ConflictError):
    """Kafka has lost records that it had acknowledged: it was restored, or the topic emptied.

    Send them again: ``os-events publisher republish TOPIC --from N``. Consumers know by ``ce_id``
    what they have had.
    """

    slug = "topic-lost-records"


class TopicOfAnotherLogError(ConflictError):
    """The topic holds events of another log. Correct ``OS_EVENTS_KAFKA_BROKERS``.

    Each installation has a cluster, or at least topics, of its own.
    """

    slug = "topic-of-another-log"


class Told(NamedTuple):
    """What a record of ours says of the event in it."""

    source: str
    id: str
    position: int
    epoch: int

    @classmethod
    def of(cls, record: Incoming) -> Self | None:
        """Read the headers; None if it is none of those that a publisher writes."""
        names = ("ce_source", "ce_id", "ce_osposition", "ce_osepoch")
        source, event_id, position, epoch = (record.header(name) or "" for name in names)
        if not (source and event_id and position.isdecimal() and epoch.isdecimal()):
            return None
        return cls(source, event_id, int(position), int(epoch))


@dataclass(frozen=True, slots=True)
class Known:
    """What the log knows of itself, as of now."""

    head: int
    chronicle: Chronicle

    def holds(self, told: Told) -> bool:
        """Say whether a record is of the log as it is now, not of what a restore took away."""
        there = 0 < told.position <= self.head
        known = there and told.epoch == self.chronicle.epoch(told.position)
        return known and told.source == source_of(self.chronicle.origin(told.position))


def check_ends(ends: Mapping[int, int], present: Mapping[Partition, int]) -> None:
    """Refuse a topic that has less than was acknowledged to us. Raises TopicLostRecordsError."""
    for partition, end in present.items():
        if end < (had := ends.get(partition.number, 0)):
            where = f"{partition.topic}, partition {partition.number}"
            raise TopicLostRecordsError(f"{where} ends at offset {end}, and had ended at {had}")


def check_last(last: Iterable[Told], known: Known, ids: Mapping[int, str]) -> None:
    """Refuse a topic whose last records are not of this log as it is.

    Shape: ``ids`` names the events at the positions that these records tell.
    Raises: TopicAheadOfLogError, TopicOfAnotherLogError.
    """
    epoch = known.chronicle.epoch(known.head)
    ours = {source_of(name) for name in known.chronicle.names}
    for told in last:
        what = f"{told.id} of {told.source} at position {told.position}, epoch {told.epoch}"
        if told.source not in ours or told.epoch > epoch:
            raise TopicOfAnotherLogError(what)
        if told.epoch == epoch and told.position > known.head:
            raise TopicAheadOfLogError(f"{what}; the log ends at {known.head}")
        if known.holds(told) and ids.get(told.position) != told.id:
            raise TopicOfAnotherLogError(f"{what}: in the log another event stands there")
