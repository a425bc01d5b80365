"""What a publisher stands still for, and how it goes on."""

from collections.abc import Callable
from typing import Self

import pytest
from pydantic import TypeAdapter

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.log import Log, Loss, LossCause, restore_log
from os_events.aggregates.service_order import organising
from os_events.bootstrap import publishing
from os_events.bootstrap.installation import Installation
from os_events.bootstrap.publishing import NotWaitingError
from os_events.eventlog.database import MESSENGER, connect
from os_events.eventlog.log import EventLog
from os_events.messaging.feed import Feed
from os_events.messaging.order_events import OrderEvents
from os_events.messaging.public.catalogue import PUBLIC
from os_events.messaging.public.shape import Shape
from os_events.messaging.published import send_again
from os_events.messaging.records import Outgoing
from os_events.messaging.stored import StoredEvents
from os_events.values.acts import Reason
from tests.brokers.memory import MemoryBroker
from tests.publishers import (
    ORIGIN,
    a_publisher,
    begun,
    by_key,
    errors,
    expected,
    held,
    position,
    publish,
    skip,
    states,
    told,
)
from tests.publishing import restore, some_orders, tamper
from tests.support import a_triage, an_act, an_order, ask, later

Feeds = Callable[[EventLog, str], Feed]

TOPIC = "os.order.events.v1"
NEXT = "os-events/fedcba9876543210"
PUBLISHED = "SELECT position, ends::text FROM messaging.published"
AS_BEFORE = "UPDATE messaging.published SET position = {}, ends = '{}'"


@pytest.fixture
def memory(memory_broker: MemoryBroker) -> MemoryBroker:
    """Given: a broker in memory, with the topic."""
    memory_broker.topic(TOPIC, 3)
    return memory_broker


class Unfit(Shape):
    """A shape that no event fits."""

    @classmethod
    def of(cls, event: organising.Triaged) -> Self:
        TypeAdapter(int).validate_python(event.type)
        raise NotImplementedError


def lost(log: Log, left: int) -> Loss:
    return Loss(
        former_origin=ORIGIN,
        former_keys=log.keys,
        signed_size=99,
        signed_root="47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        restored_size=left,
        cause=LossCause.OLDER_BACKUP,
        explanation="O disco falhou",
    )


def test_a_topic_that_was_emptied_is_refused_until_all_is_sent_again(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    some_orders(log)
    publisher = a_publisher(log, database_url, memory, TOPIC)
    publish(publisher, database_url)
    for partition in memory.partitions(TOPIC):
        memory.lose_after(partition, 0)
    log.record_now(an_order())

    publish(publisher, database_url)
    refused = errors(database_url), held(memory, TOPIC)
    with connect(database_url, MESSENGER) as connection:
        send_again(connection, TOPIC, 1)
    publish(publisher, database_url)

    assert refused == (["topic-lost-records"], [])
    assert by_key(held(memory, TOPIC)) == expected(log)
    assert errors(database_url) == [None]


def test_a_log_restored_to_before_what_the_topic_holds_is_refused_until_a_new_epoch(
    log: EventLog, database_url: str, admin_url: str, memory: MemoryBroker
) -> None:
    about = begun(log)
    some_orders(log, 6)
    publisher = a_publisher(log, database_url, memory, TOPIC)
    publish(publisher, database_url)
    left = log.head()
    with connect(database_url, MESSENGER) as connection:
        at, ends = connection.execute(PUBLISHED).fetchone() or (0, "")
    some_orders(log, 6)
    publish(publisher, database_url)
    before = held(memory, TOPIC)
    restore(admin_url, left)
    tamper(admin_url, AS_BEFORE.format(at, ends))

    publish(publisher, database_url)
    refused = errors(database_url), held(memory, TOPIC)
    restore_log(about, an_act(later(1)), (NEXT, f"{NEXT}+00000000+AXxYeHh5"), lost(about, left))
    log.record_now(about)
    [new] = some_orders(log, 1)
    publish(publisher, database_url)

    assert refused == (["topic-ahead-of-log"], before)
    assert errors(database_url) == [None]
    after = [one for one in told(held(memory, TOPIC)) if one.epoch == 2]
    assert after == [(f"/{NEXT}", f"{new}:1", left + 2, 2)]


def test_a_log_that_grew_past_the_topic_after_a_restore_is_another_log(
    log: EventLog, database_url: str, admin_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    some_orders(log, 6)
    publisher = a_publisher(log, database_url, memory, TOPIC)
    publish(publisher, database_url)
    restore(admin_url, 3)
    some_orders(log, 10)

    publish(publisher, database_url)

    assert errors(database_url) == ["topic-of-another-log"]


def test_a_topic_that_another_log_fills_is_refused(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    [order_id] = some_orders(log, 1)
    theirs = (
        ("ce_source", b"/os-events/another"),
        ("ce_id", f"{order_id}:1".encode()),
        ("ce_osposition", b"2"),
        ("ce_osepoch", b"1"),
    )
    memory.append(Outgoing(TOPIC, str(order_id).encode(), b"{}", theirs))

    publish(a_publisher(log, database_url, memory, TOPIC), database_url)

    assert errors(database_url) == ["topic-of-another-log"]


def public(log: EventLog, _: str) -> Feed:
    return OrderEvents(log)


def stored(_: EventLog, url: str) -> Feed:
    return StoredEvents(url, TOPIC)


@pytest.mark.parametrize("feed", [public, stored])
def test_a_hole_in_the_log_stops_the_publisher(
    log: EventLog, database_url: str, admin_url: str, memory: MemoryBroker, feed: Feeds
) -> None:
    begun(log)
    some_orders(log, 6)
    tamper(admin_url, "DELETE FROM log.events WHERE position = 4")

    publish(a_publisher(log, database_url, memory, feed(log, database_url)), database_url)

    assert errors(database_url) == ["log-gap"]
    assert position(database_url, TOPIC) < 4


def test_a_poisonous_event_stops_the_publisher_before_it_and_is_left_out_on_record(
    log: EventLog, database_url: str, memory: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = begun(log)
    order = ask(an_order(), a_triage(), later(1))
    log.record_now(order)
    some_orders(log, 2)
    kind: type[DomainEvent] = organising.Triaged
    monkeypatch.setitem(PUBLIC, kind, PUBLIC[kind]._replace(shape=Unfit))
    publisher = a_publisher(log, database_url, memory, TOPIC)

    publish(publisher, database_url)
    stopped = errors(database_url), position(database_url, TOPIC)
    skip(log, about, TOPIC, 3)
    publish(publisher, database_url)

    assert stopped == (["event-poisonous"], 2)
    assert errors(database_url) == [None]
    assert by_key(held(memory, TOPIC)) == expected(log) | {str(order.id): [f"{order.id}:1"]}


def test_a_topic_that_is_missing_is_waited_for(
    log: EventLog, database_url: str, memory_broker: MemoryBroker
) -> None:
    begun(log)
    some_orders(log, 2)
    publisher = a_publisher(log, database_url, memory_broker, TOPIC)

    publish(publisher, database_url)
    missing = errors(database_url)
    memory_broker.topic(TOPIC, 3)
    publish(publisher, database_url)

    assert (missing, errors(database_url)) == (["topic-missing"], [None])
    assert by_key(held(memory_broker, TOPIC)) == expected(log)


def test_what_a_publisher_stands_still_for_is_told_since_when(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    memory.down = True
    publisher = a_publisher(log, database_url, memory, TOPIC)

    publish(publisher, database_url)
    [first] = states(database_url)
    publish(publisher, database_url)
    [second] = states(database_url)

    assert first.since
    assert first == second


def test_only_the_event_that_a_publisher_waits_at_is_left_out(
    installation: Installation, memory: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, url = installation.log, installation.fit.log
    log.record_now(ask(an_order(), a_triage(), later(1)))
    kind: type[DomainEvent] = organising.Triaged
    monkeypatch.setitem(PUBLIC, kind, PUBLIC[kind]._replace(shape=Unfit))
    publisher = a_publisher(log, url, memory, TOPIC)
    publish(publisher, url)
    at = log.head()

    with pytest.raises(NotWaitingError):
        publishing.skip(installation, TOPIC, at - 1, "por engano")
    recorded = publishing.skip(installation, TOPIC, at, "falta um preço")
    publish(publisher, url)

    [event] = log.read(at, recorded.position, opened=True)
    assert event.actor == installation.manager.actor
    assert event.reason == Reason(code="not-publishable", note="falta um preço")
    assert (errors(url), position(url, TOPIC)) == ([None], recorded.position)
