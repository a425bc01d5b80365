"""Requests of other systems, on a database and on each broker: every one once, whatever fails."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from threading import Event as Flag
from threading import Thread
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from os_events.aggregates.person.person import Person
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.eventlog.database import MESSENGER, Pool, open_pool
from os_events.eventlog.log import EventLog
from os_events.ledger.refusals import RowLeafError
from os_events.messaging.intake.answering import Answering
from os_events.messaging.intake.dead_letters import DeadLetter, all_of, find, send, topic_of
from os_events.messaging.intake.handling import Handler
from os_events.messaging.intake.listening import Intake
from os_events.messaging.intake.outcomes import TOPIC
from os_events.messaging.intake.places import Places
from os_events.messaging.records import Incoming, Outgoing, Partition
from tests.brokers.fixtures import Backend
from tests.brokers.memory import MemoryBroker
from tests.messages import CRM_TOPIC, ERP_TOPIC, a_customer, a_house, a_request, sent, supplied
from tests.support import NOON, STRANGER, a_company, an_act
from tests.views import a_part_request

SOON = 60.0  # seconds until a test that waits has failed
LATER = NOON.replace(hour=18)


@dataclass(frozen=True)
class Desk:
    """A house that takes requests, its topics, and what they say."""

    backend: Backend
    log: EventLog
    intake: Intake
    topics: dict[str, str]

    def send(self, *records: Outgoing) -> None:
        """When: other systems send."""
        producer = self.backend.broker.producer()
        for ack in [producer.send(replace(one, topic=self.topics[one.topic])) for one in records]:
            ack.wait(SOON)
        producer.close(SOON)

    def outcomes(self) -> list[tuple[str, dict[str, Any]]]:
        """Then: type and data of what the senders were told, in order of the partitions."""
        ours = f"/{self.group}"
        found = [one for one in self.read(TOPIC) if one.header("ce_source") == ours]
        return [(one.header("ce_type") or "", json.loads(one.value or b"")) for one in found]

    def letters(self) -> list[DeadLetter]:
        return list(all_of(self.backend.broker, sorted(self.topics.values()), self.group))

    @property
    def group(self) -> str:
        return self.intake.answering.group

    def read(self, topic: str) -> list[Incoming]:
        partitions = self.backend.broker.partitions(topic)
        with closing(self.backend.broker.reader(partitions)) as reader:
            ends = reader.end_offsets(partitions)
            found: list[Incoming] = []
            while len(found) < sum(ends.values()):
                for records in reader.poll(SOON, 1000).values():
                    found.extend(records)
        return found

    def orders(self) -> list[UUID]:
        return self.log.begun("service-order.opened")

    def people(self) -> list[UUID]:
        return self.log.begun("person.registered")

    def taken(self, answers: int) -> None:
        """When: it has run until there are so many outcomes and dead letters."""
        with running(self.intake):
            wait_for(lambda: len(self.outcomes()) + len(self.letters()) >= answers)


@contextmanager
def running(intake: Intake) -> Iterator[None]:
    stop, failed = Flag(), list[BaseException]()

    def run() -> None:
        try:
            intake.run(stop)
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(SOON)
    assert failed == []


def wait_for(condition: Any) -> None:
    until, pause = monotonic() + SOON, Flag()
    while not condition():
        assert monotonic() < until
        pause.wait(0.05)


def a_desk(backend: Backend, log: EventLog, pool: Pool) -> Desk:
    name = str(uuid4())
    topics = {CRM_TOPIC: f"crm.{name}", ERP_TOPIC: f"erp.{name}"}
    for topic in topics.values():
        backend.make(topic, 3)
        backend.make(topic_of(topic, name), 3)
    backend.make(TOPIC, 3)
    handler = Handler(log, a_company(), bytes(32), lambda: LATER, uuid4)
    answering = Answering(
        handler, a_house(topics[CRM_TOPIC], topics[ERP_TOPIC]), name, name, lambda: LATER
    )
    return Desk(backend, log, Intake(backend.broker, answering, Places(pool, name)), topics)


@pytest.fixture
def desk(group_backend: Backend, log: EventLog, database_url: str) -> Iterator[Desk]:
    with open_pool(database_url, MESSENGER, 2) as pool:
        yield a_desk(group_backend, log, pool)


@pytest.fixture
def memory_desk(memory_broker: MemoryBroker, log: EventLog, database_url: str) -> Iterator[Desk]:
    backend = Backend("memory", memory_broker, memory_broker.topic)
    with open_pool(database_url, MESSENGER, 2) as pool:
        yield a_desk(backend, log, pool)


def test_a_request_becomes_a_person_and_an_order_and_is_answered(desk: Desk) -> None:
    desk.send(sent("1"))

    desk.taken(1)

    [order_id], [person_id] = desk.orders(), desk.people()
    order = desk.log.load(ServiceOrder, order_id)
    [(told, outcome)] = desk.outcomes()
    assert order.customer_id == person_id
    assert told == "os.service-request.accepted.v1"
    assert outcome == {
        "request_source": "/crm/loja",
        "request_id": "1",
        "request_type": "crm.service-request.open.v1",
        "order_id": str(order_id),
        "order_number": order.order_number,
        "position": desk.log.head(),
    }
    assert desk.letters() == []


def test_one_message_at_two_offsets_is_one_order_and_is_answered_twice_alike(desk: Desk) -> None:
    desk.send(sent("1"), sent("1"))

    desk.taken(2)

    [first, again] = desk.outcomes()
    assert first == again
    assert len(desk.orders()) == len(desk.people()) == 1


def test_the_next_request_of_a_customer_finds_them(desk: Desk) -> None:
    other = a_request(customer=a_customer(reference="cliente-18", name="João Lima"))

    desk.send(sent("1"), sent("2", a_request(type="support")), sent("3", other))
    desk.taken(3)

    customers = [desk.log.load(ServiceOrder, one).customer_id for one in desk.orders()]
    assert len(customers) == 3
    assert set(customers) == set(desk.people())
    assert len(desk.people()) == 2


def test_an_id_that_comes_again_with_another_body_is_put_aside(desk: Desk) -> None:
    desk.send(sent("1"), sent("1", a_request(priority="high")))

    desk.taken(2)

    assert [letter.told["error_type"] for letter in desk.letters()] == ["id-with-another-body"]
    assert len(desk.orders()) == len(desk.outcomes()) == 1


def test_what_cannot_be_read_is_put_aside_and_those_behind_it_are_taken(desk: Desk) -> None:
    broken = replace(sent("1"), value=b'{"customer": ')

    desk.send(broken, sent("2", source="/somebody"), sent("3"))
    desk.taken(3)

    assert len(desk.orders()) == 1
    letters = desk.letters()
    assert sorted(letter.told["error_type"] for letter in letters) == [
        "malformed",
        "unknown-source",
    ]
    assert broken.value in [letter.record.value for letter in letters]


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (sent("1", time="yesterday"), "occurred_at"),
        (sent("1", a_request(reported_problem=" spaced ")), "white space"),
        (sent("1", a_request(customer=a_customer(name="Maria\x1b"))), "control codes"),
    ],
)
def test_what_no_command_takes_is_put_aside_and_keeps_nobody(
    memory_desk: Desk, record: Outgoing, told: str
) -> None:
    memory_desk.send(record)

    memory_desk.taken(1)

    [letter] = memory_desk.letters()
    assert letter.told["error_type"] == "malformed"
    assert told in letter.told["error"]
    assert memory_desk.log.head() == 0


def test_what_a_rule_refuses_is_told_with_the_rule_and_keeps_nobody(desk: Desk) -> None:
    desk.send(sent("1", a_request(basis="contract")))

    desk.taken(1)

    [(told, outcome)] = desk.outcomes()
    assert told == "os.service-request.refused.v1"
    assert (outcome["slug"], outcome["rule"]) == ("waiver-without-basis", "Q1")
    assert desk.log.head() == 0


@pytest.mark.parametrize(
    ("fields", "slug"),
    [
        ({"unit_id": str(STRANGER)}, "forbidden"),
        ({"previous_order_id": str(STRANGER)}, "not-found"),
    ],
)
def test_what_lies_outside_the_senders_reach_is_refused(
    memory_desk: Desk, fields: dict[str, Any], slug: str
) -> None:
    memory_desk.send(sent("1", a_request(**fields)))

    memory_desk.taken(1)

    [(_, outcome)] = memory_desk.outcomes()
    assert outcome["slug"] == slug
    assert memory_desk.orders() == []


def test_a_part_that_came_is_told_of_the_order_that_waits_for_it(desk: Desk) -> None:
    desk.send(sent("1"))
    desk.taken(1)
    [order_id] = desk.orders()
    order = desk.log.load(ServiceOrder, order_id)
    here = {"line_id": "charging", "quote_line_id": None}
    asked = a_part_request().model_copy(update=here)
    asked.decide(order, an_act(LATER))
    desk.log.record_now(order)
    [part_request_id] = order.part_requests

    desk.send(supplied("2", order_id, part_request_id), supplied("3", order_id, STRANGER))
    desk.taken(3)

    assert desk.log.load(ServiceOrder, order_id).part_states == {part_request_id: "arrived"}
    told = {outcome["request_id"]: kind for kind, outcome in desk.outcomes()}
    assert told == {
        "1": "os.service-request.accepted.v1",
        "2": "os.service-request.accepted.v1",
        "3": "os.service-request.refused.v1",
    }


def test_an_intake_that_starts_again_goes_on_where_it_was(desk: Desk) -> None:
    desk.send(sent("1"), replace(sent("2"), value=b"x"))
    desk.taken(2)

    desk.send(sent("3"))
    desk.taken(3)

    assert len(desk.outcomes()) == len(desk.orders()) == 2
    assert len(desk.letters()) == 1


def test_two_members_take_every_request_once(desk: Desk) -> None:
    other = replace(desk.intake)
    desk.send(*(sent(str(n), key=f"key-{n}".encode()) for n in range(20)))

    with running(other):
        desk.taken(20)

    assert len(desk.orders()) == 20
    assert {outcome["request_id"] for _, outcome in desk.outcomes()} == set(map(str, range(20)))


def test_what_the_log_cannot_take_now_is_waited_for_in_order(desk: Desk) -> None:
    desk.log.refusal = RowLeafError("not now")
    desk.send(sent("1"), replace(sent("2"), value=b"x"), sent("3"))

    with running(desk.intake):
        wait_for(lambda: desk.intake.pauses.seconds > 0.5)
        before = desk.outcomes(), desk.letters()
        desk.log.refusal = None
        wait_for(lambda: len(desk.outcomes()) == 2)

    assert before == ([], [])
    assert [outcome["request_id"] for _, outcome in desk.outcomes()] == ["1", "3"]
    assert len(desk.letters()) == 1


def test_an_answer_whose_acknowledgement_is_lost_is_given_again(
    memory_desk: Desk, memory_broker: MemoryBroker
) -> None:
    memory_desk.send(sent("1"))
    memory_broker.faults.append("lost ack")
    memory_desk.intake.patience = 0.1

    memory_desk.taken(2)

    [first, again] = memory_desk.outcomes()
    assert first == again
    assert len(memory_desk.orders()) == 1


def test_a_broker_that_is_away_is_waited_for(
    memory_desk: Desk, memory_broker: MemoryBroker
) -> None:
    memory_desk.send(sent("1"))
    memory_broker.down = True

    with running(memory_desk.intake):
        wait_for(lambda: memory_desk.intake.pauses.seconds > 0.5)
        memory_broker.down = False
        wait_for(lambda: memory_desk.outcomes() != [])

    assert len(memory_desk.orders()) == 1


def test_the_place_in_the_database_wins_over_the_groups(
    memory_desk: Desk, memory_broker: MemoryBroker, admin_url: str
) -> None:
    memory_desk.send(sent("1"))
    memory_desk.taken(1)
    with psycopg.connect(admin_url) as superuser:
        superuser.execute("UPDATE messaging.consumed SET next_offset = 0")
    memory_desk.send(sent("2"))

    memory_desk.taken(3)

    assert any(memory_broker.groups[memory_desk.group].hints.values())
    assert [outcome["request_id"] for _, outcome in memory_desk.outcomes()] == ["1", "1", "2"]


def test_a_topic_that_is_missing_is_waited_for(
    memory_desk: Desk, memory_broker: MemoryBroker
) -> None:
    spec = memory_broker.specs.pop(TOPIC)
    memory_desk.send(sent("1"))

    with running(memory_desk.intake):
        wait_for(lambda: memory_desk.intake.trouble is not None)
        memory_broker.specs[TOPIC] = spec
        wait_for(lambda: memory_desk.outcomes() != [])
        wait_for(lambda: memory_desk.intake.trouble is None)

    assert len(memory_desk.orders()) == 1


def test_a_dead_letter_is_found_by_its_name_and_sent_again(desk: Desk) -> None:
    broken = replace(sent("1"), value=b"x")
    desk.send(broken)
    desk.taken(1)
    [listed] = desk.letters()
    topics = sorted(desk.topics.values())

    found = find(desk.backend.broker, listed.id, topics, desk.group)
    place = send(desk.backend.broker, found)
    desk.taken(2)

    assert found.record.value == b"x"
    assert place.startswith(desk.topics[CRM_TOPIC])
    assert sorted(letter.told["attempts"] for letter in desk.letters()) == ["1", "2"]


def test_a_person_whom_a_request_registers_is_one_of_ours(memory_desk: Desk) -> None:
    memory_desk.send(sent("1"))

    memory_desk.taken(1)

    [person_id] = memory_desk.people()
    assert memory_desk.log.load(Person, person_id).relations == ("customer",)
    [registered] = memory_desk.log.history_of(person_id, opened=True)
    assert registered.actor.id == "integration:crm"
    assert registered.source
    assert str(registered.source) == "/crm/loja 1"


def test_a_place_that_somebody_else_moved_is_left_to_them(database_url: str) -> None:
    partition = Partition("requests", 3)
    with open_pool(database_url, MESSENGER, 2) as pool:
        places = Places(pool, "group")
        begun = places.begin(partition, 7), places.begin(partition, 0)

        moved = places.move(partition, 7, 9), places.move(partition, 7, 8)

        assert (begun, moved, places.find(partition)) == ((7, 7), (True, False), 9)
