"""A cluster of Kafka, from which clients are made."""

from collections.abc import Sequence
from contextlib import closing

from os_events.messaging.kafka_client import reading, sending, topics
from os_events.messaging.kafka_client.cluster import Cluster
from os_events.messaging.ports import Admin, Consumer, Producer, TopicMissingError
from os_events.messaging.records import Partition


class KafkaBroker:
    """A cluster, reached by kafka-python."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def producer(self) -> Producer:
        """Make a producer: idempotent, acknowledged by all replicas in sync."""
        return sending.producer(self.cluster)

    def reader(self, partitions: Sequence[Partition]) -> Consumer:
        """Make a consumer of these partitions, outside any group; it begins at the first offset."""
        return reading.reader(self.cluster, partitions)

    def member(self, group: str, topics: Sequence[str], instance: str | None = None) -> Consumer:
        """Make a consumer that shares topics with the others of its group."""
        return reading.member(self.cluster, group, topics, instance)

    def partitions(self, topic: str) -> list[Partition]:
        """Name the partitions of a topic. Raises TopicMissingError."""
        with closing(topics.admin(self.cluster)) as admin:
            found = admin.partitions([topic])
        if topic not in found:
            raise TopicMissingError(topic)
        return [Partition(topic, number) for number in range(len(found[topic]))]

    def admin(self) -> Admin:
        """Make somebody who looks at topics."""
        return topics.admin(self.cluster)
