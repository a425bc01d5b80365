"""How tests send records and read them back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from time import monotonic

from os_events.messaging.ports import Broker, BrokerUnavailableError, Consumer, Producer
from os_events.messaging.records import Incoming, Outgoing, Partition

SOON = 30.0  # seconds within which a broker of a test answers
A_MOMENT = 0.2


@contextmanager
def sending(broker: Broker) -> Iterator[Producer]:
    """Make a producer, and let it go."""
    producer = broker.producer()
    try:
        yield producer
    finally:
        producer.close(SOON)


def send(broker: Broker, records: Sequence[Outgoing]) -> list[tuple[int, int]]:
    """Send all, then wait for all; give their places."""
    with sending(broker) as producer:
        acks = [producer.send(record) for record in records]
        return [ack.wait(SOON) for ack in acks]


def numbered(topic: str, count: int, keys: int = 1) -> list[Outgoing]:
    """Make records with the numbers 0, 1, 2 … as values, of so many keys in turn."""
    return [Outgoing(topic, b"key %d" % (n % keys), b"%d" % n) for n in range(count)]


def all_of(broker: Broker, topic: str) -> list[Incoming]:
    """Read a topic to its present end, partition by partition."""
    partitions = broker.partitions(topic)
    with closing(broker.reader(partitions)) as reader:
        ends = reader.end_offsets(partitions)
        found: dict[Partition, list[Incoming]] = {one: [] for one in partitions}
        until = monotonic() + SOON
        while any(reader.fetch_offset(one) < ends[one] for one in partitions):
            assert monotonic() < until
            for at, records in reader.poll(A_MOMENT, 500).items():
                found[at] += records
    return [record for one in partitions for record in found[one]]


def values(records: Sequence[Incoming]) -> list[int]:
    """Read the numbers that they carry."""
    return [int(record.value or b"-1") for record in records]


def in_time(so: Callable[[], bool], *polled: Consumer) -> bool:
    """Poll until something is so; say whether it came to be."""
    until = monotonic() + 2 * SOON
    while not so():
        if monotonic() > until:
            return False
        for consumer in polled:
            with suppress(BrokerUnavailableError):  # librdkafka refuses some who join, for a while
                consumer.poll(A_MOMENT, 500)
    return True
