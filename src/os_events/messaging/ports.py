"""What we ask of a broker, whatever client is behind it. ``kafka_client.py`` is the one we ship."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from os_events.errors import ConflictError, UnavailableError
from os_events.messaging.records import Incoming, Outgoing, Partition


class BrokerUnavailableError(UnavailableError):
    """Kafka cannot be reached, or did not answer in time. What is recorded waits in the log.

    ``os-events kafka topics check`` says what the brokers answer.
    """

    slug = "broker-unavailable"


class TopicMissingError(ConflictError):
    """A topic is missing, or other than it must be. See ``os-events kafka topics plan``."""

    slug = "topic-missing"


class NotHeldError(BrokerUnavailableError):
    """A partition is another member's by now. Look at ``changes()``, and go on with the others."""

    slug = "partition-not-held"


class Ack(Protocol):
    """The promise of an acknowledgement by all replicas in sync."""

    def wait(self, seconds: float) -> tuple[int, int]:
        """Give partition and offset. Raises BrokerUnavailableError; the producer is then spent."""


class Producer(Protocol):
    """Sends records. After any error it is of no use: make another one."""

    def send(self, record: Outgoing) -> Ack:
        """Send in the background. Raises BrokerUnavailableError."""

    def close(self, seconds: float) -> None:
        """Let go; what is not acknowledged by then is in doubt."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A member of a group is given partitions."""

    partitions: tuple[Partition, ...]


@dataclass(frozen=True, slots=True)
class Revoked:
    """It has to give partitions back."""

    partitions: tuple[Partition, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """Partitions were given to somebody else already: it was away too long."""

    partitions: tuple[Partition, ...]


Change = Assigned | Revoked | Lost


class Consumer(Protocol):
    """Reads records. Every method raises BrokerUnavailableError."""

    def poll(self, seconds: float, most: int) -> dict[Partition, list[Incoming]]:
        """Give what there is, waiting up to ``seconds`` for something."""

    def fetch_offset(self, partition: Partition) -> int:
        """Say where the next poll of a partition will read. Raises NotHeldError."""

    def seek(self, partition: Partition, offset: int) -> None:
        """Read a partition from here next. Raises NotHeldError."""

    def begin_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """Give the first offset that there still is of each."""

    def end_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """Give one more than the last offset of each."""

    def changes(self) -> list[Change]:
        """Give what became of the membership since the last time, in order."""

    def commit_hint(self, offsets: Mapping[Partition, int]) -> None:
        """Tell the group how far we are, for those who watch lag; nothing of ours reads it."""

    def close(self) -> None:
        """Leave."""


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """How a topic must be. The number of partitions is for life: a key must not move."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str] = field(default_factory=dict)


class Admin(Protocol):
    """Looks at topics and makes them. Every method raises BrokerUnavailableError."""

    def describe(self, names: Sequence[str]) -> dict[str, TopicSpec]:
        """Say how topics are, with the keys of ``config`` that differ from the broker's default."""

    def create(self, spec: TopicSpec) -> None:
        """Make a topic. Raises TopicMissingError where the brokers refuse."""

    def configure(self, name: str, config: Mapping[str, str]) -> None:
        """Set these keys of a topic that is there. Raises as ``create`` does."""

    def close(self) -> None:
        """Let go."""


class Broker(Protocol):
    """A cluster, from which clients are made. Making one raises BrokerUnavailableError."""

    def producer(self) -> Producer:
        """Make a producer: idempotent, acknowledged by all replicas in sync."""

    def reader(self, partitions: Sequence[Partition]) -> Consumer:
        """Make a consumer of these partitions, outside any group; it begins at the first offset."""

    def member(self, group: str, topics: Sequence[str], instance: str | None = None) -> Consumer:
        """Make a consumer that shares topics with the others of its group.

        Shape: ``instance`` is a name of its own that outlives the process, where there is one.
        """

    def partitions(self, topic: str) -> list[Partition]:
        """Name the partitions of a topic. Raises TopicMissingError."""

    def admin(self) -> Admin:
        """Make somebody who looks at topics."""
