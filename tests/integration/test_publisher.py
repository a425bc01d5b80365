"""A topic is published from the log: once, in order, whatever becomes of publisher and broker."""

import psycopg
import pytest
from psycopg.types.json import Json

from os_events.eventlog.database import MESSENGER, connect
from os_events.eventlog.log import EventLog
from os_events.messaging.delivery import InDoubtError
from os_events.messaging.ports import Broker
from os_events.messaging.published import LEASE, Place, Published, send_again
from os_events.messaging.records import Outgoing
from os_events.messaging.stored import StoredEvents
from tests.brokers.memory import MemoryBroker
from tests.publishers import (
    LIMITS,
    UntilDone,
    a_publisher,
    begun,
    by_key,
    errors,
    expected,
    held,
    place_of,
    position,
    publish,
    told,
)
from tests.publishing import some_orders
from tests.support import a_triage, an_order, ask, later
from tests.views import a_life

TOPIC = "os.order.events.v1"
CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture
def memory(memory_broker: MemoryBroker) -> MemoryBroker:
    """Given: a broker in memory, with the topic."""
    memory_broker.topic(TOPIC, 3)
    return memory_broker


def lives(log: EventLog, number: int = 3) -> None:
    for n in range(number):
        log.record_now(a_life(number=n))


def test_every_fact_of_every_order_is_published_once_and_in_order(
    log: EventLog, database_url: str, broker: Broker, topic: str
) -> None:
    begun(log)
    lives(log)

    publish(a_publisher(log, database_url, broker, topic), database_url)

    assert by_key(held(broker, topic)) == expected(log)
    assert position(database_url, topic) == log.head()
    assert errors(database_url) == [None]


def test_the_next_publisher_goes_on_where_the_last_one_stopped(
    log: EventLog, database_url: str, broker: Broker, topic: str
) -> None:
    begun(log)
    lives(log, 2)
    publish(a_publisher(log, database_url, broker, topic), database_url)
    lives(log, 2)

    publish(a_publisher(log, database_url, broker, topic), database_url)

    assert by_key(held(broker, topic)) == expected(log)


def test_a_record_says_where_and_when_its_event_was_recorded(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    log.record_now(order := an_order())
    [event] = log.read(1, 2)

    publish(a_publisher(log, database_url, memory, TOPIC), database_url)

    [record] = held(memory, TOPIC)
    assert record.key == str(order.id).encode()
    assert told([record]) == [("/os-events/0123456789abcdef", f"{order.id}:1", 2, 1)]
    assert record.header("ce_recordedtime") == f"{event.recorded_at:%Y-%m-%dT%H:%M:%S.%fZ}"


def test_stored_bytes_are_published_unchanged_with_what_proves_them(
    log: EventLog, database_url: str, broker: Broker, topic: str
) -> None:
    begun(log)
    lives(log, 1)
    feed = StoredEvents(database_url, topic)

    publish(a_publisher(log, database_url, broker, feed), database_url)

    with connect(database_url, MESSENGER) as connection:
        stored = connection.execute(
            "SELECT position::text, state, encode(nonce, 'hex'), encode(leaf, 'hex'), event"
            " FROM log.events ORDER BY events.position"
        ).fetchall()
    names = ("ce_osposition", "ce_osnonce", "ce_osleaf", "ce_type")
    found = [(one.value, *(one.header(name) for name in names)) for one in held(broker, topic)]
    assert sorted(found, key=lambda one: int(one[1] or 0)) == [
        (state, at, nonce, leaf, event) for at, state, nonce, leaf, event in stored
    ]


def test_who_stops_in_order_leaves_word_of_it(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    lives(log, 1)

    publish(a_publisher(log, database_url, memory, TOPIC), database_url)

    place, partitions = place_of(database_url, TOPIC), memory.partitions(TOPIC)
    ends = memory.reader(partitions).end_offsets(partitions)
    assert place == Place(log.head(), {one.number: end for one, end in ends.items()}, clean=True)


def test_while_the_broker_is_away_it_is_waited_for_with_a_word(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    lives(log, 1)
    memory.down = True
    publisher = a_publisher(log, database_url, memory, TOPIC)

    publish(publisher, database_url)
    while_away = errors(database_url), position(database_url, TOPIC)
    memory.down = False
    publish(publisher, database_url)

    assert while_away == (["broker-unavailable"], -1)
    assert (errors(database_url), publisher.trouble) == ([None], None)
    assert by_key(held(memory, TOPIC)) == expected(log)


def test_a_lost_acknowledgement_ends_the_publisher_and_the_next_one_finds_the_record(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    lives(log)
    memory.faults.extend(["lost ack"] * 3)
    limits = LIMITS._replace(deadline=0.2)
    publisher = a_publisher(log, database_url, memory, TOPIC, limits)

    with pytest.raises(InDoubtError):
        publish(publisher, database_url)
    in_doubt = place_of(database_url, TOPIC)
    publish(a_publisher(log, database_url, memory, TOPIC), database_url)

    assert in_doubt
    assert not in_doubt.clean
    assert by_key(held(memory, TOPIC)) == expected(log)
    assert errors(database_url) == [None]


def test_what_a_dead_publisher_had_on_the_wire_is_waited_for(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    lives(log, 1)
    memory.holding = True
    with pytest.raises(InDoubtError):
        publish(
            a_publisher(log, database_url, memory, TOPIC, LIMITS._replace(deadline=0.1)),
            database_url,
        )
    next_one = a_publisher(log, database_url, memory, TOPIC, LIMITS._replace(settle=30.0))

    class Landing(UntilDone):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout)
            memory.holding = False
            memory.land()
            return False

    waited: list[float | None] = []
    next_one.run(Landing(database_url, TOPIC, log.head()))

    assert waited[0] == 30.0
    assert by_key(held(memory, TOPIC)) == expected(log)


def test_a_hole_is_filled_and_what_stood_behind_it_comes_again(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    order = an_order()
    log.record_now(ask(ask(order, a_triage(), later(1)), a_triage(), later(2)))
    other = a_publisher(log, database_url, memory, TOPIC)
    publish(other, database_url)
    [first, *rest] = held(memory, TOPIC)
    memory.lose_after(first.partition, 0)
    for one in rest:
        memory.append(Outgoing(TOPIC, one.key or b"", one.value, one.headers))
    with connect(database_url, MESSENGER) as connection:
        nothing_yet = Json({str(number): 0 for number in range(3)})
        connection.execute("UPDATE messaging.published SET position = 1, ends = %s", (nothing_yet,))

    publish(other, database_url)

    versions = [one.id.partition(":")[2] for one in told(held(memory, TOPIC))]
    assert versions == ["2", "3", "1", "2", "3"]


def test_what_is_sent_again_comes_behind_what_was_sent_with_the_same_ids(
    log: EventLog, database_url: str, broker: Broker, topic: str
) -> None:
    begun(log)
    log.record_now(ask(an_order(), a_triage(), later(1)))
    publisher = a_publisher(log, database_url, broker, topic)
    publish(publisher, database_url)

    with connect(database_url, MESSENGER) as connection:
        send_again(connection, topic, 3)
    publish(publisher, database_url)

    [versions] = by_key(held(broker, topic)).values()
    assert [one.partition(":")[2] for one in versions] == ["1", "2", "2"]


def test_nothing_is_sent_again_from_where_the_topic_has_not_been(database_url: str) -> None:
    with connect(database_url, MESSENGER) as connection:
        Published(connection, TOPIC).claim(7, {0: 1})

        again = [send_again(connection, TOPIC, first) for first in (9, 8)]

    assert again == [False, True]


def test_one_instance_is_active_and_another_stands_by(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    lives(log, 1)
    publisher = a_publisher(log, database_url, memory, TOPIC)

    with connect(database_url, MESSENGER) as holder:
        holder.execute(LEASE, (TOPIC,))
        publish(publisher, database_url)
        stood_by = held(memory, TOPIC)
    publish(publisher, database_url)

    assert stood_by == []
    assert by_key(held(memory, TOPIC)) == expected(log)


def test_a_publisher_whose_position_somebody_moved_begins_anew(
    log: EventLog, database_url: str, memory: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(log)
    some_orders(log, 30)
    publisher = a_publisher(log, database_url, memory, TOPIC)
    append = memory.append

    def meanwhile(record: Outgoing) -> tuple[int, int]:
        monkeypatch.undo()
        with connect(database_url, MESSENGER) as connection:
            connection.execute("UPDATE messaging.published SET position = 1, ends = '{}'")
        return append(record)

    monkeypatch.setattr(memory, "append", meanwhile)
    publish(publisher, database_url)
    stopped = errors(database_url)
    publish(publisher, database_url)

    assert stopped == ["published-position-moved"]
    assert set(by_key(held(memory, TOPIC))) == set(expected(log))
    assert position(database_url, TOPIC) == log.head()


def test_an_idle_publisher_notices_that_all_is_to_be_sent_again(
    log: EventLog, database_url: str, memory: MemoryBroker
) -> None:
    begun(log)
    some_orders(log, 3)

    class Meanwhile(UntilDone):
        def is_set(self) -> bool:
            if memory.sent[TOPIC] == 3 and position(self.url, TOPIC) == self.head:
                with connect(self.url, MESSENGER) as connection:
                    send_again(connection, TOPIC, 1)
                return False
            return super().is_set()

    publisher = a_publisher(log, database_url, memory, TOPIC)
    publisher.run(Meanwhile(database_url, TOPIC, log.head()))
    noticed = errors(database_url)
    publish(publisher, database_url)

    assert noticed == ["published-position-moved"]
    assert memory.sent[TOPIC] == 6


def test_a_publisher_whose_connections_are_cut_goes_on(
    log: EventLog,
    database_url: str,
    admin_url: str,
    memory: MemoryBroker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun(log)
    some_orders(log, 30)
    publisher = a_publisher(log, database_url, memory, TOPIC)
    append = memory.append

    def meanwhile(record: Outgoing) -> tuple[int, int]:
        monkeypatch.undo()
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(CUT)
        return append(record)

    monkeypatch.setattr(memory, "append", meanwhile)
    publish(publisher, database_url)
    left = place_of(database_url, TOPIC)
    publish(publisher, database_url)

    assert left
    assert (left.position, left.clean) == (0, False)
    assert by_key(held(memory, TOPIC)) == expected(log)
    assert position(database_url, TOPIC) == log.head()
