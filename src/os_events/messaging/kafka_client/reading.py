"""A consumer of kafka-python, alone or in a group."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import IllegalStateError

from os_events.messaging.kafka_client.cluster import Cluster, client, translated
from os_events.messaging.ports import (
    Assigned,
    BrokerUnavailableError,
    Change,
    Lost,
    NotHeldError,
    Revoked,
)
from os_events.messaging.records import Incoming, Partition

READING: Mapping[str, Any] = {
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "allow_auto_create_topics": False,
    "metrics_enabled": False,
}


def reader(cluster: Cluster, partitions: Sequence[Partition]) -> "KafkaReader":
    """Make one outside any group. Raises BrokerUnavailableError."""
    consumer = client(KafkaConsumer, {**cluster.config(), **READING})
    consumer.assign([TopicPartition(*one) for one in partitions])
    return KafkaReader(consumer, cluster.request_seconds)


def member(
    cluster: Cluster, group: str, topics: Sequence[str], instance: str | None
) -> "KafkaReader":
    """Make one of a group. Raises BrokerUnavailableError."""
    session = int(cluster.session_seconds * 1000)
    membership = {
        "group_id": group,
        "group_instance_id": instance,
        "partition_assignment_strategy": (CooperativeStickyAssignor,),
        "session_timeout_ms": session,
        "heartbeat_interval_ms": min(3_000, session // 3),
    }
    consumer = client(KafkaConsumer, {**cluster.config(), **READING, **membership})
    made = KafkaReader(consumer, cluster.request_seconds)
    consumer.subscribe(list(topics), listener=made.listener)
    return made


class KafkaReader:
    """Reads records, alone or in a group. Unit: ``patience`` is seconds for one answer."""

    def __init__(self, consumer: Any, patience: float) -> None:
        self.consumer = consumer
        self.milliseconds = int(patience * 1000)
        self.listener = Membership()

    def poll(self, seconds: float, most: int) -> dict[Partition, list[Incoming]]:
        """Give what there is, waiting up to ``seconds`` for something."""
        with translated("reading"):
            found = self.consumer.poll(timeout_ms=int(seconds * 1000), max_records=most)
        return {Partition(*one): list(map(read, records)) for one, records in found.items()}

    def fetch_offset(self, partition: Partition) -> int:
        """Say where the next poll of a partition will read. Raises NotHeldError."""
        with translated(f"place in {partition}"), held(partition):
            place = self.consumer.position(TopicPartition(*partition), self.milliseconds)
        if place is None:
            raise BrokerUnavailableError(f"place in {partition}: no answer")
        return int(place)

    def seek(self, partition: Partition, offset: int) -> None:
        """Read a partition from here next. Raises NotHeldError."""
        with held(partition):
            self.consumer.seek(TopicPartition(*partition), offset)

    def begin_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """Give the first offset that there still is of each."""
        return self.offsets(self.consumer.beginning_offsets, partitions)

    def end_offsets(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """Give one more than the last offset of each."""
        return self.offsets(self.consumer.end_offsets, partitions)

    def offsets(self, asked: Any, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """Ask for an offset of each."""
        with translated("offsets"):
            found = asked([TopicPartition(*one) for one in partitions], self.milliseconds)
        return {Partition(*one): offset for one, offset in found.items()}

    def changes(self) -> list[Change]:
        """Give what became of the membership since the last time, in order."""
        queue = self.listener.changes
        return [queue.popleft() for _ in range(len(queue))]

    def commit_hint(self, offsets: Mapping[Partition, int]) -> None:
        """Tell the group how far we are; outside of one nobody wants to know."""
        if self.consumer.config["group_id"] is None:
            return
        told = {TopicPartition(*one): OffsetAndMetadata(to) for one, to in offsets.items()}
        with translated("committing"):
            self.consumer.commit_async(told)

    def close(self) -> None:
        """Leave."""
        with translated("leaving"):
            self.consumer.close(autocommit=False, timeout_ms=self.milliseconds)


class Membership(ConsumerRebalanceListener):  # type: ignore[misc]  # the library has no types
    """Queues what becomes of a membership: it is called where the heartbeats are sent."""

    def __init__(self) -> None:
        self.changes: deque[Change] = deque()

    def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        """Queue it."""
        self._queue(Assigned, assigned)

    def on_partitions_revoked(self, revoked: Iterable[Any]) -> None:
        """Queue it."""
        self._queue(Revoked, revoked)

    def on_partitions_lost(self, lost: Iterable[Any]) -> None:
        """Queue it."""
        self._queue(Lost, lost)

    def _queue(self, kind: type[Assigned | Revoked | Lost], partitions: Iterable[Any]) -> None:
        if named := tuple(sorted(Partition(*one) for one in partitions)):
            self.changes.append(kind(named))


@contextmanager
def held(partition: Partition) -> Iterator[None]:
    """Say so where a partition is not ours."""
    try:
        yield
    except (ValueError, IllegalStateError) as error:
        raise NotHeldError(f"{partition.topic}, partition {partition.number}") from error


def read(record: Any) -> Incoming:
    """Take over a record; a header without a value is an empty one."""
    return Incoming(
        Partition(record.topic, record.partition),
        record.offset,
        record.key,
        record.value,
        tuple((name, value or b"") for name, value in record.headers),
    )
