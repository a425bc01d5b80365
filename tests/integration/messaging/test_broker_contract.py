"""What we ask of any broker, asked of three: in memory, inside librdkafka, and Apache Kafka."""

from contextlib import closing
from itertools import pairwise

import pytest

from os_events.messaging.ports import (
    Assigned,
    Broker,
    Consumer,
    NotHeldError,
    TopicMissingError,
)
from os_events.messaging.records import Incoming, Outgoing, Partition
from tests.brokers.asking import SOON, all_of, in_time, numbered, send, values
from tests.brokers.murmur2 import partition_of


def held(member: Consumer) -> set[Partition]:
    """Follow what a member was given and gave back since it was last asked."""
    found: set[Partition] = getattr(member, "held_so_far", set())
    for change in member.changes():
        if isinstance(change, Assigned):
            found |= set(change.partitions)
        else:
            found -= set(change.partitions)
    member.held_so_far = found  # type: ignore[attr-defined]  # a note of this test's own
    return found


def in_two(one: set[Partition], other: set[Partition]) -> bool:
    return bool(one and other) and len(one) + len(other) == len(one | other) == 3


def in_order(records: list[Incoming]) -> bool:
    return all(earlier < later for earlier, later in pairwise(values(records)))


def test_a_record_is_read_as_it_was_sent(broker: Broker, topic: str) -> None:
    headers = (("ce_id", b"order:1"), ("traceparent", b""), ("ce_subject", "ação".encode()))
    sent = Outgoing(topic, b"order", b'{"a": 1}', headers)

    ((number, offset),) = send(broker, [sent])

    (read,) = all_of(broker, topic)
    assert (read.key, read.value, read.headers) == (sent.key, sent.value, sent.headers)
    assert (read.partition, read.offset) == (Partition(topic, number), offset)


def test_a_record_may_have_no_value(broker: Broker, topic: str) -> None:
    send(broker, [Outgoing(topic, b"order", None)])

    (read,) = all_of(broker, topic)
    assert read.value is None


def test_records_of_a_key_share_a_partition_and_keep_their_order(
    broker: Broker, topic: str
) -> None:
    places = send(broker, numbered(topic, 300, keys=7))

    read = all_of(broker, topic)
    of_third = [record for record in read if record.key == b"key 3"]
    assert sorted(values(read)) == list(range(300))
    assert in_order(of_third)
    assert {record.partition.number for record in of_third} == {partition_of(b"key 3", 3)}
    assert len(set(places)) == 300


def test_an_acknowledgement_tells_where_the_record_is(broker: Broker, topic: str) -> None:
    places = send(broker, numbered(topic, 5))

    assert places == [(partition_of(b"key 0", 3), offset) for offset in range(5)]


def test_a_topic_is_divided_as_it_was_made(broker: Broker, topic: str) -> None:
    assert broker.partitions(topic) == [Partition(topic, number) for number in range(3)]


def test_a_topic_that_is_not_there_has_no_partitions(broker: Broker) -> None:
    with pytest.raises(TopicMissingError):
        broker.partitions("nobody.made.this")


def test_a_reader_begins_at_the_first_record_and_goes_on(broker: Broker, topic: str) -> None:
    ((number, _), *_) = send(broker, numbered(topic, 10))
    partition = Partition(topic, number)

    with closing(broker.reader([partition])) as reader:
        begun = reader.fetch_offset(partition)
        first = reader.poll(SOON, 4)[partition]
        then = reader.fetch_offset(partition)
        rest = reader.poll(SOON, 100)[partition]

    assert (begun, then) == (0, 4)
    assert values([*first, *rest]) == list(range(10))


def test_a_reader_goes_where_it_is_told(broker: Broker, topic: str) -> None:
    ((number, _), *_) = send(broker, numbered(topic, 10))
    partition = Partition(topic, number)

    with closing(broker.reader([partition])) as reader:
        reader.poll(SOON, 100)
        reader.seek(partition, 7)
        again = reader.fetch_offset(partition)
        read = reader.poll(SOON, 100)[partition]

    assert again == 7
    assert values(read) == [7, 8, 9]


def test_a_reader_tells_begin_and_end_of_any_partition(broker: Broker, topic: str) -> None:
    ((number, _), *_) = send(broker, numbered(topic, 10))
    full, empty = Partition(topic, number), Partition(topic, (number + 1) % 3)

    with closing(broker.reader([full])) as reader:
        begins, ends = reader.begin_offsets([full, empty]), reader.end_offsets([full, empty])

    assert begins == {full: 0, empty: 0}
    assert ends == {full: 10, empty: 0}


def test_a_partition_that_is_not_held_is_not_read(broker: Broker, topic: str) -> None:
    first, second, _ = broker.partitions(topic)

    with closing(broker.reader([first])) as reader:
        with pytest.raises(NotHeldError):
            reader.seek(second, 0)
        with pytest.raises(NotHeldError):
            reader.fetch_offset(second)


def test_nothing_comes_of_an_empty_topic(broker: Broker, topic: str) -> None:
    with closing(broker.reader(broker.partitions(topic))) as reader:
        assert reader.poll(0.5, 10) == {}


def test_who_is_alone_in_a_group_is_given_everything(
    group_broker: Broker, group_topic: str
) -> None:
    send(group_broker, numbered(group_topic, 10))

    with closing(group_broker.member("alone", [group_topic])) as member:
        given = in_time(lambda: len(held(member)) == 3, member)

    assert given


def test_who_joins_a_group_takes_partitions_over(group_broker: Broker, group_topic: str) -> None:
    with closing(group_broker.member("shared", [group_topic])) as early:
        in_time(lambda: len(held(early)) == 3, early)
        with closing(group_broker.member("shared", [group_topic])) as late:
            both = in_time(lambda: in_two(held(early), held(late)), early, late)

    assert both


def test_who_leaves_a_group_leaves_partitions_to_the_others(
    group_broker: Broker, group_topic: str
) -> None:
    with closing(group_broker.member("left", [group_topic])) as stays:
        with closing(group_broker.member("left", [group_topic])) as leaves:
            in_time(lambda: in_two(held(stays), held(leaves)), stays, leaves)
        all_back = in_time(lambda: len(held(stays)) == 3, stays)

    assert all_back


def test_a_hint_is_where_the_group_goes_on(group_broker: Broker, group_topic: str) -> None:
    ((number, _), *_) = send(group_broker, numbered(group_topic, 10))
    partition = Partition(group_topic, number)
    with closing(group_broker.member("hinted", [group_topic])) as member:
        before = in_time(lambda: len(held(member)) == 3, member)
        member.commit_hint({partition: 6})

    with closing(group_broker.member("hinted", [group_topic])) as member:
        again = in_time(lambda: len(held(member)) == 3, member)
        place = member.fetch_offset(partition)

    assert (before, again) == (True, True)
    assert place in {6, 10}  # before the poll that gave it, or after
