import pytest

from os_events.messaging.intake.backlog import SILENCE, Backlog
from os_events.messaging.ports import BrokerUnavailableError
from os_events.messaging.records import Outgoing, Partition
from os_events.metrics import REGISTRY
from tests.brokers.groups import MemoryConsumer
from tests.brokers.memory import MemoryBroker

ONE = Partition("requests", 0)


@pytest.fixture
def consumer() -> MemoryConsumer:
    """A consumer of a topic where three records wait."""
    broker = MemoryBroker()
    broker.topic(ONE.topic, 1)
    for _ in range(3):
        broker.append(Outgoing(ONE.topic, b"", b""))
    return broker.reader([ONE])


def lag(reader: str) -> float | None:
    labels = {"reader": reader, "topic": ONE.topic, "partition": "0"}
    return REGISTRY.get_sample_value("os_events_consumer_lag_records", labels)


def test_what_waits_is_told_until_it_is_another_members(consumer: MemoryConsumer) -> None:
    backlog = Backlog("told")

    backlog.look(consumer, {ONE: 1}, 100)
    waiting = lag("told")
    backlog.look(consumer, {}, 200)

    assert (waiting, lag("told")) == (2, None)


def test_a_consumer_that_gets_nothing_of_what_is_there_is_given_up(
    consumer: MemoryConsumer,
) -> None:
    backlog = Backlog("stuck")
    backlog.look(consumer, {ONE: 1}, 100)
    backlog.look(consumer, {ONE: 1}, 100 + SILENCE)

    with pytest.raises(BrokerUnavailableError):
        backlog.look(consumer, {ONE: 1}, 110 + SILENCE)


def test_a_consumer_that_goes_on_or_is_at_the_end_is_not(consumer: MemoryConsumer) -> None:
    backlog = Backlog("well")
    backlog.look(consumer, {ONE: 1}, 100)
    backlog.look(consumer, {ONE: 2}, 130)
    backlog.look(consumer, {ONE: 3}, 160)

    backlog.look(consumer, {ONE: 3}, 900)

    assert lag("well") == 0


def test_a_place_that_stood_still_for_a_reason_is_given_time_again(
    consumer: MemoryConsumer,
) -> None:
    backlog = Backlog("waited")
    backlog.look(consumer, {ONE: 1}, 100)
    backlog.forget()
    backlog.look(consumer, {ONE: 1}, 900)

    backlog.look(consumer, {ONE: 1}, 910)

    assert lag("waited") == 2
