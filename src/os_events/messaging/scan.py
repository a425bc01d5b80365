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
    """What a partition ends in.

    Shape: ``last`` is its last record of a publisher's, ``new`` those after our place, by key.
    """

    last: Told | None = None
    new: dict[bytes, list[Told]] = field(default_factory=dict)

    def take(self, record: Incoming, place: int) -> None:
        """Take in the next record of the partition."""
        told = Told.of(record)
        if told is None:
            return  # somebody else wrote it: it says nothing of what we sent
        self.last = told
        if record.offset >= place:
            self.new.setdefault(record.key or b"", []).append(told)


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
    consumer: Consumer, present: Mapping[Partition, int], places: Mapping[int, int]
) -> dict[Partition, Tail]:
    """Read each partition from our place to its present end, or its last record at least.

    Raises: BrokerUnavailableError.
    """
    found = {partition: Tail() for partition, end in present.items() if end}
    begins = consumer.begin_offsets(found) if found else {}
    for partition in found:
        first = min(places[partition.number], present[partition] - 1)
        consumer.seek(partition, max(first, begins[partition]))
    _read(consumer, present, places, found)
    return found


def _read(
    consumer: Consumer,
    present: Mapping[Partition, int],
    places: Mapping[int, int],
    found: Mapping[Partition, Tail],
) -> None:
    until = monotonic() + PATIENCE
    while any(consumer.fetch_offset(partition) < present[partition] for partition in found):
        batches = consumer.poll(1.0, MOST)
        for partition, records in batches.items():
            for record in records:
                if record.offset < present[partition]:
                    found[partition].take(record, places[partition.number])
        if batches:
            until = monotonic() + PATIENCE
        elif monotonic() > until:
            raise BrokerUnavailableError(f"nothing was read from {next(iter(found)).topic}")


def done(found: Iterable[Tail], known: Known) -> set[int]:
    """Name the positions that need not be sent again."""
    return {
        position
        for tail in found
        for told in tail.new.values()
        for position in ending([one.position for one in told if known.holds(one)])
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
