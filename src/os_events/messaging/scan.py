"""What of a topic is there already behind our place: read once, before anything is sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

from os_events.messaging.guards import Known, Told
from os_events.messaging.ports import BrokerUnavailableError, Consumer
from os_events.messaging.records import Incoming, Partition

MOST = 2_000  # records a poll
PATIENCE = 60.0  # seconds without a record until a broker is said to be away


@dataclass
class Tail:
    """What a partition ends in. Shape: ``place`` is the offset where our knowledge of it ends.

    ``last`` is its last record of a publisher's; ``new`` are the positions of those after
    ``place`` that the log holds, by key, as they came.
    """

    place: int
    last: Told | None = None
    new: dict[bytes, list[int]] = field(default_factory=dict)

    def take(self, record: Incoming, known: Known) -> None:
        """Take in the next record of the partition."""
        told = Told.of(record)
        if told is None:
            return  # somebody else wrote it: it says nothing of what we sent
        self.last = told
        if record.offset >= self.place and known.holds(told):
            self.new.setdefault(record.key or b"", []).append(told.position)


class Remainder:
    """What is still to be sent, of the events behind our place."""

    def __init__(self, done: Iterable[int] = ()) -> None:
        self.done = set(done)
        self.last = max(self.done, default=0)
        self._broken: set[bytes] = set()

    def lacks(self, position: int, key: bytes) -> bool:
        """Say whether an event must be sent; asked in order of position.

        Once one of a key is missing, all behind it are sent again, so that they come in order.
        """
        if position in self.done and key not in self._broken:
            return False
        if position < self.last:
            self._broken.add(key)
        return True


def tails(
    consumer: Consumer, present: Mapping[Partition, int], places: Mapping[int, int], known: Known
) -> list[Tail]:
    """Read each partition from our place to its present end, or its last record at least.

    Raises: BrokerUnavailableError.
    """
    found = {one: Tail(places[one.number]) for one, end in present.items() if end}
    begins = consumer.begin_offsets(found) if found else {}
    for partition, tail in found.items():
        first = min(tail.place, present[partition] - 1)
        consumer.seek(partition, max(first, begins[partition]))
    until = monotonic() + PATIENCE
    while any(consumer.fetch_offset(one) < present[one] for one in found):
        batches = consumer.poll(1.0, MOST)
        for partition, records in batches.items():
            for record in records:
                found[partition].take(record, known)
        if batches:
            until = monotonic() + PATIENCE
        elif monotonic() > until:
            raise BrokerUnavailableError(f"nothing was read from {next(iter(found)).topic}")
    return list(found.values())


def done(found: Iterable[Tail]) -> set[int]:
    """Name the positions that need not be sent again."""
    return {
        position
        for tail in found
        for positions in tail.new.values()
        for position in ending(positions)
    }


def ending(positions: Sequence[int]) -> set[int]:
    """Give those of one key after which nothing earlier came: the others stand out of order."""
    kept: set[int] = set()
    least = None
    for position in reversed(positions):
        if least is None or position < least:
            kept.add(position)
            least = position
    return kept
