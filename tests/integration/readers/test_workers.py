"""Workers of one reader share a topic by partition, and every record counts once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, cast
from uuid import UUID

import pytest

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order.organising import Triaged
from os_events.eventlog.database import FOLLOWER, connect
from os_events.eventlog.mapper import LoggedEvent
from os_events.eventlog.topics import UnreadableEventError
from os_events.failpoints import Failpoints
from os_events.followers.positions import positions_of
from os_events.messaging.readers import keeping, worker
from os_events.messaging.readers.worker import EpochChangedError, StuckError, Worker
from os_events.messaging.records import Incoming, Partition
from tests.brokers.groups import MemoryConsumer
from tests.brokers.memory import MemoryBroker
from tests.publishers import held
from tests.readers import Field, of_order, sent_again, until
from tests.support import a_triage, an_order, ask


@pytest.fixture
def filled(field: Field) -> Field:
    """A reader that was filled before anything happened."""
    field.begin()
    field.publish()
    field.fill()
    return field


def test_members_share_the_partitions_and_hand_them_on(filled: Field) -> None:
    one, two = filled.worker(), filled.worker()
    filled.live(1, 2, 3)
    filled.publish()
    until(lambda: bool(one.held and two.held) and filled.is_all_taken_in(), one, two)
    shared = (set(one.held), set(two.held))

    one.consumer.close()
    filled.live(4, 5)
    filled.publish()
    until(filled.is_all_taken_in, two)

    assert not shared[0] & shared[1]
    assert set(two.held) == set(filled.partitions)
    assert filled.rows() == filled.expected()
    assert filled.differences() == []
    assert filled.position() == filled.log.head()


def test_who_was_frozen_goes_on_at_the_place_that_the_others_reached(filled: Field) -> None:
    one, two = filled.worker(), filled.worker()
    filled.live(1)
    filled.publish()
    until(filled.is_all_taken_in, one, two)

    cast("MemoryConsumer", one.consumer).freeze()
    filled.live(2, 3)
    filled.publish()
    until(filled.is_all_taken_in, two)
    filled.live(4)
    filled.publish()
    until(lambda: bool(one.held) and filled.is_all_taken_in(), one, two)

    assert filled.rows() == filled.expected()
    assert filled.differences() == []


def test_a_zombie_commits_nothing_and_reads_again_from_the_place(filled: Field) -> None:
    filled.live(1, 2)
    filled.publish()
    zombie, other = filled.alone(), filled.alone()
    until(filled.is_all_taken_in, other)
    before = filled.places()

    zombie.step()

    assert zombie.reseeks > 0
    assert filled.places() == before
    assert filled.rows() == filled.expected()


def test_what_comes_twice_counts_once(filled: Field) -> None:
    filled.live(1)
    filled.publish()
    again = held(filled.broker, filled.topic)
    member = filled.alone()
    until(filled.is_all_taken_in, member)

    filled.send(*map(sent_again, again))
    until(filled.is_all_taken_in, member)

    assert filled.rows() == filled.expected()
    assert filled.stopped() == []


def an_order_and_its_first_record(field: Field) -> tuple[UUID, Incoming]:
    order = an_order()
    field.log.record_now(ask(order, a_triage()))
    field.publish()
    return order.id, of_order(held(field.broker, field.topic), order.id, 1)


@pytest.mark.parametrize(
    "forged",
    [
        {"ce_osleaf": "00" * 32},
        {"ce_osnonce": "00" * 16},
        {"ce_source": "/os-events/another/log"},
        {"ce_recordedtime": "2020-01-01T00:00:00.000000Z"},
        {"ce_osposition": "99"},
        {"ce_type": "service-order.closed"},
        {"ce_specversion": "0.3"},
        {"ce_osposition": "-1"},
        {"ce_osepoch": "0"},
        {"content-type": "text/plain"},
    ],
)
def test_a_forged_or_foreign_record_is_passed_over(filled: Field, forged: dict[str, str]) -> None:
    order_id, first = an_order_and_its_first_record(filled)
    other = str(UUID(int=order_id.int ^ 1))
    new = {"ce_subject": other, "ce_id": f"{other}:1"}
    filled.send(sent_again(first, None, **new | forged))
    member = filled.alone()

    until(filled.is_all_taken_in, member)

    assert filled.rows() == filled.expected()
    assert filled.stopped() == []
    assert filled.differences() == []


def test_a_record_that_contradicts_what_came_is_passed_over(filled: Field) -> None:
    _, first = an_order_and_its_first_record(filled)
    filled.send(sent_again(first, b"{}", ce_osleaf="11" * 32))
    member = filled.alone()

    until(filled.is_all_taken_in, member)

    assert filled.rows() == filled.expected()


def test_a_key_that_is_no_text_is_passed_over(filled: Field) -> None:
    _, first = an_order_and_its_first_record(filled)
    filled.send(replace(sent_again(first), key=b"\xff\xfe", value=b"\x00"))
    member = filled.alone()

    until(filled.is_all_taken_in, member)

    assert filled.rows() == filled.expected()


def test_a_partition_stands_still_at_a_gap_until_it_is_filled_and_the_others_go_on(
    filled: Field, memory_broker: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOOK", 0.0)
    filled.live(1, 2, 3, 4)
    filled.publish()
    one, *others = fullest_first(filled, memory_broker)
    del memory_broker.tails[one].records[1]
    member = filled.alone()

    until(lambda: filled.stopped() == ["version-gap"], member)
    until(lambda: all(not member.lags()[other] for other in others), member)

    assert filled.places()[one].next_offset == memory_broker.tails[one].records[1].offset
    assert filled.position() < filled.log.head()
    filled.fill()
    assert filled.stopped() == []
    filled.live(5, 6, 7, 8)
    filled.publish()
    until(filled.is_all_taken_in, member)
    assert filled.rows() == filled.expected()


def fullest_first(field: Field, broker: MemoryBroker) -> list[Partition]:
    return sorted(field.partitions, key=lambda one: -len(broker.tails[one].records))


def test_records_that_were_erased_before_they_came_are_not_jumped_over(
    filled: Field, memory_broker: MemoryBroker
) -> None:
    filled.live(1, 2, 3)
    filled.publish()
    one, *_ = fullest_first(filled, memory_broker)
    member = filled.alone()
    memory_broker.forget_before(one, memory_broker.tails[one].end - 1)

    until(lambda: filled.stopped() == ["records-erased"], member)

    assert filled.places()[one].next_offset < memory_broker.tails[one].begin


def test_a_topic_that_lost_records_is_not_read_again_from_its_beginning(
    filled: Field, memory_broker: MemoryBroker
) -> None:
    filled.live(1, 2, 3)
    filled.publish()
    until(filled.is_all_taken_in, filled.alone())
    one, *_ = fullest_first(filled, memory_broker)

    memory_broker.lose_after(one, 1)
    filled.alone().step()

    assert filled.stopped() == ["topic-lost-records"]


def test_offsets_without_records_are_no_gap(filled: Field, memory_broker: MemoryBroker) -> None:
    filled.live(1, 2, 3, 4)
    filled.publish()
    again = held(filled.broker, filled.topic)
    list(map(partial(memory_broker.skip, offsets=7), {one.partition for one in again}))
    filled.send(*map(sent_again, again))
    member = filled.alone()

    until(filled.is_all_taken_in, member)

    assert filled.position() == filled.log.head()
    assert filled.rows() == filled.expected()
    assert filled.stopped() == []


def test_a_restored_log_ends_a_worker_with_that_word(filled: Field) -> None:
    _, first = an_order_and_its_first_record(filled)
    filled.send(sent_again(first, ce_osepoch="2", ce_source="/os-events/fedcba"))

    with pytest.raises(EpochChangedError):
        until(lambda: False, filled.alone())

    assert filled.stopped() == ["epoch-changed"]


def test_an_event_that_is_not_known_here_stops_its_partition_before_it(
    filled: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id, _ = an_order_and_its_first_record(filled)
    member = filled.alone()
    monkeypatch.setattr(member.keeping.received.mapper, "event", knows_no_triage(filled))

    until(lambda: filled.stopped() == ["event-unreadable"], member)

    with connect(filled.url, FOLLOWER) as connection:
        query = "SELECT version FROM messaging.received WHERE aggregate_id = %s"
        assert connection.execute(query, (order_id,)).fetchall() == [(1,)]
    monkeypatch.undo()
    until(filled.is_all_taken_in, filled.alone())
    assert filled.rows() == filled.expected()


def knows_no_triage(field: Field) -> Callable[..., DomainEvent]:
    """Give a mapper of a release before triages."""
    known = field.log.mapper.event

    def event(logged: LoggedEvent, state: dict[str, Any]) -> DomainEvent:
        if logged.topic == Triaged.TOPIC:
            raise UnreadableEventError(logged.topic)
        return known(logged, state)

    return event


def test_a_kill_before_the_commit_leaves_the_batch_to_the_next(
    filled: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.live(1)
    filled.publish()
    before = filled.places()
    armed = Failpoints("reader.applied=raise")
    monkeypatch.setattr(keeping, "failpoint", armed.passed)
    monkeypatch.setattr(keeping, "will_pass", lambda _: True)
    with suppress(RuntimeError):
        filled.alone().step()
    unchanged = filled.places() == before

    until(filled.is_all_taken_in, filled.alone())

    assert unchanged
    assert filled.rows() == filled.expected()


def test_a_consumer_that_gets_nothing_although_there_is_something_is_given_up(
    filled: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.live(1)
    filled.publish()
    now = [0.0]
    consumer = filled.broker.reader(filled.partitions)
    member = Worker(consumer, filled.alone().keeping, lambda: now[0])
    member.hold(filled.partitions)

    def nothing_comes(*_: float) -> dict[Partition, list[Incoming]]:
        now[0] += worker.SILENCE + 1
        return {}

    monkeypatch.setattr(consumer, "poll", nothing_comes)

    with pytest.raises(StuckError):
        member.step()


def test_the_position_of_a_reader_has_no_hole_behind_it(
    filled: Field, memory_broker: MemoryBroker
) -> None:
    filled.live(1, 2, 3, 4)
    filled.publish()
    one, *_ = fullest_first(filled, memory_broker)
    first = next(r for r in memory_broker.tails[one].records[1:])
    kept, memory_broker.tails[one].end = memory_broker.tails[one].end, first.offset
    later = [r for r in memory_broker.tails[one].records if r.offset >= first.offset]
    memory_broker.tails[one].records = memory_broker.tails[one].records[: -len(later)]
    member = filled.alone()
    until(filled.is_all_taken_in, member)

    reached = filled.position()

    with connect(filled.url, FOLLOWER) as connection:
        assert set(positions_of(connection, filled.reader.tables).values()) == {reached}
    assert reached == int(first.header("ce_osposition") or 0) - 1
    assert kept > first.offset
