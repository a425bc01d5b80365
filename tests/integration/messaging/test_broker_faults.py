"""What goes wrong between us and a broker, on each of those where it can be made to."""

from threading import enumerate as threads_now

import pytest

from os_events.messaging.kafka_client.broker import KafkaBroker
from os_events.messaging.kafka_client.cluster import Cluster
from os_events.messaging.ports import BrokerUnavailableError, TopicSpec
from os_events.messaging.records import Outgoing, Partition
from tests.brokers.asking import SOON, all_of, in_time, numbered, send, sending, values
from tests.brokers.memory import MemoryBroker
from tests.brokers.mock import FETCH, PRODUCE, MockKafka
from tests.brokers.murmur2 import partition_of
from tests.brokers.real import RealKafka, free_ports

TOPIC = "orders"
NOT_LEADER, TOO_LATE, TOO_FEW_REPLICAS, OUT_OF_SEQUENCE = 6, 7, 19, 45
HOME = partition_of(b"key 0", 3)  # where the records of a single key are


@pytest.fixture
def memory(memory_broker: MemoryBroker) -> MemoryBroker:
    memory_broker.topic(TOPIC, 3)
    return memory_broker


@pytest.fixture
def mock(mock_kafka: MockKafka) -> MockKafka:
    mock_kafka.topic(TOPIC, 3)
    for number in range(3):
        mock_kafka.lead(TOPIC, number, number + 1)
    return mock_kafka


@pytest.fixture
def mortal(mortal_kafka: RealKafka) -> RealKafka:
    admin = mortal_kafka.broker().admin()
    admin.create(TopicSpec(TOPIC, 3, 1))
    admin.close()
    return mortal_kafka


def kafka_threads() -> set[str]:
    return {thread.name for thread in threads_now() if "kafka" in thread.name.lower()}


def test_an_acknowledgement_may_be_lost_where_the_record_is_not(memory: MemoryBroker) -> None:
    memory.faults.append("lost ack")

    with sending(memory) as producer, pytest.raises(BrokerUnavailableError):
        producer.send(Outgoing(TOPIC, b"key 0", b"1")).wait(0.1)

    assert values(memory.records(TOPIC)) == [1]


def test_a_refused_record_ends_its_producer(memory: MemoryBroker) -> None:
    memory.faults.append("refused")
    producer = memory.producer()

    acks = [producer.send(record) for record in numbered(TOPIC, 3)]

    with pytest.raises(BrokerUnavailableError):
        acks[2].wait(1)
    assert memory.records(TOPIC) == []


def test_what_is_on_the_wire_may_land_after_its_sender_is_gone(memory: MemoryBroker) -> None:
    memory.holding = True
    producer = memory.producer()
    ack = producer.send(Outgoing(TOPIC, b"key 0", b"1"))
    producer.close(0)
    with pytest.raises(BrokerUnavailableError):
        ack.wait(0)

    memory.land()

    assert ack.wait(0) == (HOME, 0)
    assert values(memory.records(TOPIC)) == [1]


def test_offsets_may_have_gaps(memory: MemoryBroker) -> None:
    home = Partition(TOPIC, HOME)
    send(memory, numbered(TOPIC, 1))
    memory.skip(home, 3)
    send(memory, numbered(TOPIC, 1))

    read = memory.reader([home]).poll(0, 10)[home]

    assert [record.offset for record in read] == [0, 4]


def test_who_is_frozen_for_too_long_hears_of_it_when_it_polls(memory: MemoryBroker) -> None:
    frozen, other = memory.member("g", [TOPIC]), memory.member("g", [TOPIC])
    in_time(lambda: len(other.places) == 1 and len(frozen.places) == 2, frozen, other)
    frozen.changes()

    frozen.freeze()
    other.poll(0, 1)
    still = dict(frozen.places)
    frozen.poll(0, 1)

    assert len(other.places) == 3
    assert len(still) == 2
    assert [type(change).__name__ for change in frozen.changes()] == ["Lost"]


@pytest.mark.parametrize("code", [NOT_LEADER, TOO_LATE, TOO_FEW_REPLICAS])
def test_a_passing_error_of_a_broker_is_retried_and_order_kept(mock: MockKafka, code: int) -> None:
    mock.fail_next(PRODUCE, code, code)

    send(mock.broker(), numbered(TOPIC, 100, keys=5))

    read = all_of(mock.broker(), TOPIC)
    assert sorted(values(read)) == list(range(100))
    assert all(
        values([one for one in read if one.key == b"key %d" % key]) == list(range(key, 100, 5))
        for key in range(5)
    )


def test_reading_goes_on_after_a_passing_error(mock: MockKafka) -> None:
    send(mock.broker(), numbered(TOPIC, 100, keys=5))
    mock.fail_next(FETCH, NOT_LEADER, TOO_LATE)

    read = all_of(mock.broker(), TOPIC)

    assert sorted(values(read)) == list(range(100))


def test_another_leader_is_found_while_sending(mock: MockKafka) -> None:
    with sending(mock.broker()) as producer:
        producer.send(numbered(TOPIC, 1)[0]).wait(SOON)
        mock.lead(TOPIC, HOME, (HOME + 1) % 3 + 1)
        mock.down(HOME + 1)
        places = [producer.send(record).wait(SOON) for record in numbered(TOPIC, 20)]

    assert places[-1] == (HOME, 20)


def test_another_leader_is_found_while_reading(mock: MockKafka) -> None:
    home = Partition(TOPIC, HOME)
    send(mock.broker(), numbered(TOPIC, 10))
    reader = mock.broker().reader([home])
    first = reader.poll(SOON, 5)[home]

    mock.lead(TOPIC, HOME, (HOME + 1) % 3 + 1)
    mock.down(HOME + 1)
    rest = reader.poll(SOON, 100)[home]

    reader.close()
    assert values([*first, *rest]) == list(range(10))


def test_a_stall_ends_at_our_deadline_and_leaves_nobody_sending(mock: MockKafka) -> None:
    producer = mock.broker().producer()
    producer.send(numbered(TOPIC, 1)[0]).wait(SOON)
    mock.down(HOME + 1)

    stalled = producer.send(Outgoing(TOPIC, b"key 0", b"1"))
    with pytest.raises(BrokerUnavailableError):
        stalled.wait(0.5)
    producer.close(0.2)

    mock.up(HOME + 1)
    send(mock.broker(), [Outgoing(TOPIC, b"key 0", b"2")])
    assert values(all_of(mock.broker(), TOPIC)) == [0, 2]


def test_a_slow_answer_is_an_acknowledgement_that_is_lost(mock: MockKafka) -> None:
    producer = mock.broker().producer()
    producer.send(numbered(TOPIC, 1)[0]).wait(SOON)
    mock.slow(2_000, HOME + 1)

    late = producer.send(Outgoing(TOPIC, b"key 0", b"1"))
    with pytest.raises(BrokerUnavailableError):
        late.wait(0.5)
    producer.close(0)

    mock.slow(0, HOME + 1)
    assert values(all_of(mock.broker(), TOPIC)) == [0, 1]


def test_brokers_that_are_not_there_are_named_in_time_and_leave_no_thread() -> None:
    (port,) = free_ports(1)
    before = kafka_threads()
    broker = KafkaBroker(Cluster(f"127.0.0.1:{port}", request_seconds=1.0))

    with pytest.raises(BrokerUnavailableError, match=f"127.0.0.1:{port}"):
        broker.producer()
    with pytest.raises(BrokerUnavailableError, match=f"127.0.0.1:{port}"):
        broker.reader([Partition(TOPIC, 0)])
    with pytest.raises(BrokerUnavailableError, match=f"127.0.0.1:{port}"):
        broker.partitions(TOPIC)

    assert kafka_threads() <= before


def test_a_broker_that_was_killed_and_started_again_is_written_to_by_the_same_producer(
    mortal: RealKafka,
) -> None:
    with sending(mortal.broker()) as producer:
        before = [producer.send(record).wait(SOON) for record in numbered(TOPIC, 20)]
        mortal.kill()
        waiting = [producer.send(Outgoing(TOPIC, b"key 0", b"%d" % n)) for n in range(20, 40)]
        mortal.start()
        after = [ack.wait(SOON) for ack in waiting]

    assert [*before, *after] == [(HOME, offset) for offset in range(40)]
    assert values(all_of(mortal.broker(), TOPIC)) == list(range(40))


def test_a_broker_that_stands_still_loses_acknowledgements_not_records(mortal: RealKafka) -> None:
    producer = mortal.broker().producer()
    producer.send(numbered(TOPIC, 1)[0]).wait(SOON)
    mortal.pause()

    unanswered = producer.send(Outgoing(TOPIC, b"key 0", b"1"))
    with pytest.raises(BrokerUnavailableError):
        unanswered.wait(1.0)
    producer.close(0)
    mortal.go_on()

    assert in_time(lambda: values(all_of(mortal.broker(), TOPIC)) == [0, 1])
