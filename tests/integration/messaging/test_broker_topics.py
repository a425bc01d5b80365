"""Topics on Apache Kafka: planned, made, checked; and what only the real one can tell."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from confluent_kafka import Message
from confluent_kafka import Producer as OtherProducer

from os_events.messaging.kafka_client.broker import KafkaBroker
from os_events.messaging.ports import Admin, TopicMissingError, TopicSpec
from os_events.messaging.records import Outgoing
from os_events.messaging.topics import FOR_EVER, Difference, apply, plan, spec
from tests.brokers.asking import SOON, send, sending
from tests.brokers.murmur2 import partition_of

KEYS = [str(uuid4()).encode()[:length] for length in range(37) for _ in range(4) if length]


@pytest.fixture
def admin(real_broker: KafkaBroker) -> Iterator[Admin]:
    opened = real_broker.admin()
    yield opened
    opened.close()


@pytest.fixture
def wanted() -> TopicSpec:
    """Given: how a topic must be that nobody has made."""
    return spec(f"test.{uuid4()}", 1, FOR_EVER)


def test_a_topic_that_is_missing_is_made_as_it_must_be(admin: Admin, wanted: TopicSpec) -> None:
    planned = plan(admin, [wanted])

    left = apply(admin, [wanted])

    assert planned == [Difference(wanted.name, "topic", None, "there, in 12 partitions")]
    assert left == plan(admin, [wanted]) == []
    assert admin.describe([wanted.name]) == {wanted.name: wanted}


def test_what_was_set_otherwise_is_set_back_and_the_rest_left_alone(
    admin: Admin, wanted: TopicSpec
) -> None:
    apply(admin, [wanted])
    admin.configure(wanted.name, {"retention.ms": "1000", "segment.ms": "60000"})

    planned = plan(admin, [wanted])
    left = apply(admin, [wanted])

    assert planned == [Difference(wanted.name, "retention.ms", "1000", "-1")]
    assert left == []
    assert admin.describe([wanted.name])[wanted.name].config["segment.ms"] == "60000"


def test_the_number_of_partitions_is_never_changed(admin: Admin, wanted: TopicSpec) -> None:
    admin.create(TopicSpec(wanted.name, 3, 1, wanted.config))

    left = apply(admin, [wanted])

    assert left == [Difference(wanted.name, "partitions", "3", "12")]
    assert admin.describe([wanted.name])[wanted.name].partitions == 3


def test_a_topic_on_too_few_brokers_is_told_and_can_be_written_to_still(
    real_broker: KafkaBroker, admin: Admin, wanted: TopicSpec
) -> None:
    apply(admin, [wanted])

    left = apply(admin, [spec(wanted.name, 3, FOR_EVER)])

    assert left == [Difference(wanted.name, "replication", "1", "3")]
    assert send(real_broker, [Outgoing(wanted.name, b"key", b"1")])


def test_a_topic_that_the_brokers_refuse_says_why(admin: Admin, wanted: TopicSpec) -> None:
    with pytest.raises(TopicMissingError, match="replication factor of 3"):
        apply(admin, [spec(wanted.name, 3, FOR_EVER)])


def test_a_configuration_that_the_brokers_refuse_says_why(admin: Admin, wanted: TopicSpec) -> None:
    apply(admin, [wanted])

    with pytest.raises(TopicMissingError, match="retention"):
        admin.configure(wanted.name, {"retention.ms": "soon"})


def test_a_topic_that_somebody_else_made_meanwhile_is_taken_as_it_is(
    admin: Admin, wanted: TopicSpec
) -> None:
    admin.create(TopicSpec(wanted.name, 3, 1))

    admin.create(wanted)

    assert admin.describe([wanted.name])[wanted.name].partitions == 3


def test_brokers_are_spoken_to_in_their_own_version(real_broker: KafkaBroker) -> None:
    with sending(real_broker) as producer:
        told = producer.producer.config  # type: ignore[attr-defined]  # kafka-python's own

    assert told["api_version"] >= (4, 0)
    assert told["enable_idempotence"]
    assert told["acks"] == -1


def test_another_client_puts_keys_where_ours_does(
    real_broker: KafkaBroker, admin: Admin, wanted: TopicSpec
) -> None:
    apply(admin, [wanted])
    brokers = real_broker.cluster.brokers

    theirs = placed_by_librdkafka(brokers, wanted.name, KEYS)
    ours = send(real_broker, [Outgoing(wanted.name, key, b"") for key in KEYS])

    assert theirs == [partition for partition, _ in ours]
    assert theirs == [partition_of(key, 12) for key in KEYS]


def placed_by_librdkafka(brokers: str, topic: str, keys: list[bytes]) -> list[int | None]:
    other = OtherProducer({"bootstrap.servers": brokers, "partitioner": "murmur2_random"})
    placed: dict[bytes | None, int | None] = {}

    def note(_: object, message: Message) -> None:
        placed[message.key()] = message.partition()

    for key in keys:
        other.produce(topic, key=key, value=b"", on_delivery=note)
    assert other.flush(SOON) == 0
    return [placed[key] for key in keys]
