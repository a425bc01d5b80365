"""A broker in memory: partitions are lists, and what goes wrong is said beforehand."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from threading import Condition
from time import monotonic
from typing import Literal

from os_events.messaging.ports import (
    BrokerUnavailableError,
    TopicMissingError,
    TopicSpec,
)
from os_events.messaging.records import Incoming, Outgoing, Partition
from tests.brokers.groups import Group, MemoryConsumer
from tests.brokers.murmur2 import partition_of

Fault = Literal["lost ack", "refused"]


@dataclass
class Tail:
    """One partition. Shape: offsets may have gaps, as where records were compacted away."""

    begin: int = 0
    end: int = 0
    records: list[Incoming] = field(default_factory=list)

    def after(self, offset: int, most: int) -> list[Incoming]:
        first = bisect_left(self.records, offset, key=attrgetter("offset"))
        return self.records[first : first + most]


@dataclass
class MemoryAck:
    """Shape: ``landed`` is the place of the record; None while it is on the wire, or was lost."""

    changed: Condition
    landed: tuple[int, int] | None = None
    failed: bool = False

    def wait(self, seconds: float) -> tuple[int, int]:
        with self.changed:
            self.changed.wait_for(lambda: self.landed or self.failed, seconds)
            if self.landed is None:
                raise BrokerUnavailableError("refused" if self.failed else "no answer")
            return self.landed


@dataclass
class MemoryProducer:
    broker: "MemoryBroker"
    spent: bool = False

    def send(self, record: Outgoing) -> MemoryAck:
        return self.broker.take(self, record)

    def close(self, seconds: float) -> None:  # noqa: ARG002 - there is nothing to wait for
        self.spent = True


@dataclass
class MemoryAdmin:
    broker: "MemoryBroker"

    def describe(self, names: Sequence[str]) -> dict[str, TopicSpec]:
        self.broker.check_up()
        return {name: self.broker.specs[name] for name in names if name in self.broker.specs}

    def create(self, spec: TopicSpec) -> None:
        self.broker.check_up()
        self.broker.make(spec)

    def configure(self, name: str, config: Mapping[str, str]) -> None:
        self.broker.check_up()
        known = self.broker.specs[name]
        self.broker.specs[name] = replace(known, config={**known.config, **config})

    def close(self) -> None:
        """Nothing was opened."""


class MemoryBroker:
    """A cluster that fails when it is told to.

    ``faults`` are met by the next records, one each: a record whose ack is lost has landed, one
    that is refused has not. While it is ``holding``, what is sent stays on the wire until ``land``.
    """

    def __init__(self) -> None:
        self.changed = Condition()
        self.specs: dict[str, TopicSpec] = {}
        self.tails: dict[Partition, Tail] = {}
        self.groups: dict[str, Group] = {}
        self.faults: deque[Fault] = deque()
        self.wire: deque[tuple[MemoryProducer, Outgoing, MemoryAck]] = deque()
        self.holding = False
        self.down = False
        self.sent: dict[str, int] = defaultdict(int)  # by topic, refused ones too

    def topic(self, name: str, partitions: int) -> None:
        self.make(TopicSpec(name, partitions, 1))

    def make(self, spec: TopicSpec) -> None:
        if spec.name not in self.specs:
            self.specs[spec.name] = spec
            self.tails |= {Partition(spec.name, n): Tail() for n in range(spec.partitions)}

    def check_up(self) -> None:
        if self.down:
            raise BrokerUnavailableError("the broker is away")

    def producer(self) -> MemoryProducer:
        self.check_up()
        return MemoryProducer(self)

    def reader(self, partitions: Sequence[Partition]) -> MemoryConsumer:
        self.check_up()
        return MemoryConsumer(self, dict.fromkeys(partitions, 0))

    def member(
        self, group: str, topics: Sequence[str], instance: str | None = None
    ) -> MemoryConsumer:
        self.check_up()
        known = self.groups.setdefault(group, Group())
        every = [partition for topic in topics for partition in self.partitions(topic)]
        return known.join(MemoryConsumer(self, {}, known, instance), every)

    def partitions(self, topic: str) -> list[Partition]:
        self.check_up()
        if topic not in self.specs:
            raise TopicMissingError(topic)
        return [Partition(topic, number) for number in range(self.specs[topic].partitions)]

    def admin(self) -> MemoryAdmin:
        self.check_up()
        return MemoryAdmin(self)

    def take(self, producer: MemoryProducer, record: Outgoing) -> MemoryAck:
        """Take a record from a producer, whatever becomes of it."""
        with self.changed:
            self.check_up()
            self.sent[record.topic] += 1
            ack = MemoryAck(self.changed)
            if record.topic not in self.specs:
                raise BrokerUnavailableError(f"{record.topic} is unknown")
            fault = self.faults.popleft() if self.faults else None
            if producer.spent or fault == "refused":  # what follows a failure fails as well
                producer.spent = ack.failed = True
            elif fault == "lost ack":
                self.append(record)
            else:
                self.wire.append((producer, record, ack))
            if not self.holding:
                self.land()
            return ack

    def land(self) -> None:
        """Let what is on the wire arrive, in order."""
        with self.changed:
            while self.wire:
                _, record, ack = self.wire.popleft()
                ack.landed = self.append(record)
            self.changed.notify_all()

    def append(self, record: Outgoing) -> tuple[int, int]:
        number = partition_of(record.key, self.specs[record.topic].partitions)
        at = Partition(record.topic, number)
        tail = self.tails[at]
        tail.records.append(Incoming(at, tail.end, record.key, record.value, record.headers))
        tail.end += 1
        return number, tail.end - 1

    def records(self, topic: str) -> list[Incoming]:
        """Give all of a topic, partition by partition."""
        return [one for at in self.partitions(topic) for one in self.tails[at].records]

    def skip(self, partition: Partition, offsets: int) -> None:
        """Leave a gap, as a transaction or compaction does."""
        self.tails[partition].end += offsets

    def forget_before(self, partition: Partition, offset: int) -> None:
        """Remove what is old, as retention does."""
        tail = self.tails[partition]
        tail.records, tail.begin = tail.after(offset, tail.end), offset

    def lose_after(self, partition: Partition, offset: int) -> None:
        """Lose what is new, as a restore of the brokers does."""
        tail = self.tails[partition]
        tail.records = [one for one in tail.records if one.offset < offset]
        tail.end = offset

    def wait(self, seconds: float, found: Iterable[Partition]) -> None:
        """Wait until one of these has grown, or something else has changed."""
        ends, watched = monotonic() + seconds, list(found)
        before = [self.tails[one].end for one in watched]
        while [self.tails[one].end for one in watched] == before and monotonic() < ends:
            if not self.changed.wait(max(0.0, ends - monotonic())):
                return
