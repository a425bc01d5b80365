"""What we ask of any broker, asked of three: in memory, inside librdkafka, and Apache Kafka."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from os_events.messaging.ports import Broker, Producer, TopicMissingError
from os_events.messaging.records import Outgoing, Partition
from tests.brokers.murmur2 import partition_of

SOON = 20.0  # seconds within which a broker of a test answers


@contextmanager
def closing_at_once(broker: Broker) -> Iterator[Producer]:
    producer = broker.producer()
    yield producer
    producer.close(SOON)


def test_a_record_is_read_as_it_was_sent(broker: Broker, topic: str) -> None:
    sent = Outgoing(topic, b"order", b'{"a": 1}', (("ce_id", b"order:1"), ("traceparent", b"")))

    with closing_at_once(broker) as producer:
        number, offset = producer.send(sent).wait(SOON)
    with closing(broker.reader(broker.partitions(topic))) as reader:
        (read,) = reader.poll(SOON, 10)[Partition(topic, number)]

    assert (read.key, read.value, read.headers) == (sent.key, sent.value, sent.headers)
    assert (read.partition.number, read.offset) == (number, offset)
    assert number == partition_of(b"order", 3)


def test_a_topic_that_is_not_there_has_no_partitions(broker: Broker) -> None:
    with pytest.raises(TopicMissingError):
        broker.partitions("nobody.made.this")
