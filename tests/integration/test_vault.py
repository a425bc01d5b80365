"""Personal values are kept apart, opened by who has a right to, and can be forgotten."""

import asyncio
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from os_events.aggregates.service_order.notes import AddNote
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.errors import ConflictError, TamperedError
from os_events.eventlog.kek import Kek, WrongKekError
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.eventlog.submission import RequestKey
from os_events.values.personal import ERASED, Erased, Sealed, personal_fields
from tests.logs import SOON, outcome, submission, tamper
from tests.support import SAO_PAULO, a_phone, a_triage, an_order, ask
from tests.views import a_person

OPENED = ["service-order.opened"]


def an_order_of(customer_id: UUID, problem: str = "Não liga") -> ServiceOrder:
    return an_order(customer_id=customer_id, reported_problem=problem)


def an_address(street: str) -> dict[str, Any]:
    place = {"uf": "SP", "municipality": "3550308", "zone": SAO_PAULO}
    return {**place, "detail": {"street": street}}


def problems(log: EventLog, *, opened: bool = True) -> list[Any]:
    """Then: what each order was opened for, as it is read."""
    events = log.read(0, log.head(), OPENED, opened=opened)
    return [event.reported_problem for event in events if hasattr(event, "reported_problem")]


def forget(admin_url: str, subject: UUID) -> None:
    """When: a person is erased, as ``os_eraser`` does it: keys first, then what they opened."""
    with psycopg.connect(admin_url, options="-c role=os_eraser", autocommit=True) as eraser:
        query = "DELETE FROM keys.data_keys WHERE subject = %s RETURNING key_id"
        keys = [key_id for (key_id,) in eraser.execute(query, (subject,))]
        eraser.execute("SELECT log.forbid(%s)", (keys,))
        eraser.execute("SELECT log.erase()")


def test_a_personal_value_is_read_only_by_who_opens_it(log: EventLog) -> None:
    log.record_now(an_order_of(uuid4()))

    assert problems(log) == ["Não liga"]
    [sealed] = problems(log, opened=False)
    assert isinstance(sealed, Sealed)


def test_values_deep_in_an_event_are_kept_apart_too(log: EventLog) -> None:
    order = an_order(asset=a_phone(serial="CANARY3141"))
    log.record_now(order)

    [opened] = log.history_of(order.id, opened=True)
    [sealed] = log.history_of(order.id)

    assert "CANARY3141" in [found.value for found in personal_fields(opened)]
    assert {type(found.value) for found in personal_fields(sealed)} == {Sealed}


def test_values_in_a_list_are_kept_apart_each_for_itself(log: EventLog) -> None:
    person = a_person(addresses=(an_address("Rua A"), an_address("Rua B")))
    log.record_now(person)

    [opened] = log.history_of(person.id, opened=True)
    [sealed] = log.history_of(person.id)

    details = {one.pointer: one.value for one in personal_fields(opened)}
    assert details["/addresses/0/detail"].street == "Rua A"
    assert details["/addresses/1/detail"].street == "Rua B"
    assert {type(found.value) for found in personal_fields(sealed)} == {Sealed}


def test_no_stored_byte_holds_the_value(log: EventLog, admin_url: str) -> None:
    log.record_now(an_order(reported_problem="canary-3141", asset=a_phone(serial="CANARY3141")))

    with psycopg.connect(admin_url) as reader:
        dump = reader.execute(
            """SELECT (SELECT string_agg(e::text, '') FROM log.events e)
            || (SELECT string_agg(v::text, '') FROM log.vault v)
            || (SELECT string_agg(a::text, '') FROM log.answers a)
            || (SELECT string_agg(convert_from(state, 'UTF8'), '') FROM log.events)"""
        ).fetchone()

    assert dump
    assert "canary" not in dump[0].lower()
    assert b"canary".hex() not in dump[0].lower()
    assert b"CANARY".hex() not in dump[0].lower()


def test_a_value_in_memory_is_not_printed() -> None:
    [opened] = an_order_of(uuid4(), "canary-3141").pending_events

    assert "canary" not in repr(opened)


def test_values_of_one_person_and_year_have_one_key(log: EventLog, admin_url: str) -> None:
    person = uuid4()
    for problem in ("one", "two"):
        log.record_now(an_order_of(person, problem))
    log.record_now(an_order_of(uuid4(), "three"))

    with psycopg.connect(admin_url) as reader:
        kept = reader.execute("SELECT count(*), count(DISTINCT key_id) FROM log.vault").fetchone()

    assert kept == (3, 2)


def test_an_erased_person_is_gone_and_another_is_not(log: EventLog, admin_url: str) -> None:
    person = uuid4()
    for order in (an_order_of(person, "mine"), an_order_of(uuid4(), "another's")):
        log.record_now(order)

    forget(admin_url, person)

    assert problems(log) == [ERASED, "another's"]
    with psycopg.connect(admin_url) as auditor:
        assert auditor.execute("SELECT log.first_bad()").fetchone() == (None,)


def test_an_order_with_erased_values_loads_and_goes_on(log: EventLog, admin_url: str) -> None:
    order = an_order_of(uuid4())
    log.record_now(order)
    forget(admin_url, order.customer_id)

    again = log.load(ServiceOrder, order.id)
    ask(again, a_triage())

    assert log.record_now(again).version == 2


def test_a_key_that_is_gone_is_enough(log: EventLog, keys: KeyRing, admin_url: str) -> None:
    log.record_now(an_order_of(uuid4()))
    with psycopg.connect(admin_url) as eraser:
        eraser.execute("DELETE FROM keys.data_keys")
    keys.forget()

    assert problems(log) == [ERASED]


def test_a_row_that_was_erased_is_erased_though_its_key_is_remembered(
    log: EventLog, admin_url: str
) -> None:
    person = uuid4()
    log.record_now(an_order_of(person))
    assert problems(log) == ["Não liga"]

    forget(admin_url, person)

    assert problems(log) == [ERASED]


def test_a_row_that_was_deleted_by_hand_is_told_from_an_erased_one(
    log: EventLog, admin_url: str
) -> None:
    log.record_now(an_order_of(uuid4()))
    tamper(admin_url, "DELETE FROM log.vault")

    with pytest.raises(TamperedError, match="position 1: the value of /reported_problem"):
        problems(log)
    assert len(problems(log, opened=False)) == 1


def test_nothing_is_sealed_with_a_key_that_was_erased_meanwhile(
    log: EventLog, admin_url: str
) -> None:
    person = uuid4()
    log.record_now(an_order_of(person, "before"))
    forget(admin_url, person)

    with pytest.raises(ConflictError):
        log.record_now(an_order_of(person, "by a remembered key"))
    log.record_now(an_order_of(person, "by a new key"))

    assert problems(log) == [ERASED, "by a new key"]


def test_a_change_seals_anew_when_its_key_was_erased_meanwhile(
    log: EventLog, admin_url: str
) -> None:
    order = an_order()

    def note(changed: ServiceOrder) -> None:
        ask(changed, AddNote(text="written down"))

    async def noted_after_an_erasure() -> None:
        await log.record(order)
        await log.change(ServiceOrder, order.id, note, RequestKey.new())
        forget(admin_url, order.customer_id)
        await log.change(ServiceOrder, order.id, note, RequestKey.new())

    asyncio.run(noted_after_an_erasure())

    notes = log.read(0, 3, ["service-order.note-added"], opened=True)
    assert [type(event.text) for event in notes if hasattr(event, "text")] == [Erased, str]


def test_an_erased_key_is_found_behind_a_command_that_is_not_recorded(
    log: EventLog, admin_url: str
) -> None:
    person, once = uuid4(), RequestKey.of("once", b"")
    log.record_now(an_order_of(uuid4()), once)
    log.record_now(an_order_of(person))
    replayed, late = (sealed(log, an_order_of(whose)) for whose in (uuid4(), person))
    forget(admin_url, person)

    batch = [submission(replayed, once), submission(late)]
    log.recorder.committer._record(batch)

    assert [outcome(one).outcome for one in batch] == ["replayed", "conflict"]


def sealed(log: EventLog, order: ServiceOrder) -> list[Any]:
    """Given: an order as it is about to be sent."""
    events, wanted = log._collect(order)
    return log._stored(order, events, log._keys.fetch(wanted))


MOVED = """UPDATE log.vault v SET sealed = o.sealed FROM log.vault o
    WHERE o.position = 3 - v.position"""
EDITED = "UPDATE log.vault SET sealed = sealed || '\\x00'"
EMPTIED = "UPDATE log.vault SET sealed = ''"


@pytest.mark.parametrize("edit", [MOVED, EDITED, EMPTIED], ids=["moved", "edited", "emptied"])
def test_a_ciphertext_that_was_changed_does_not_open(
    log: EventLog, admin_url: str, edit: str
) -> None:
    person = uuid4()
    for problem in ("one", "two"):
        log.record_now(an_order_of(person, problem))
    tamper(admin_url, edit)

    with pytest.raises(TamperedError, match="does not open"):
        problems(log)


def test_coroutines_that_want_new_keys_get_them_together(log: EventLog) -> None:
    orders = [an_order_of(uuid4(), f"{n}") for n in range(50)]

    async def open_all() -> None:
        async with asyncio.timeout(SOON):
            await asyncio.gather(*(log.record(order) for order in orders))

    asyncio.run(open_all())

    assert sorted(problems(log)) == sorted(map(str, range(50)))


def test_another_kek_opens_nothing(log: EventLog, database_url: str) -> None:
    log.record_now(an_order_of(uuid4()))

    with (
        closing(KeyRing(database_url, Kek(b"x" * 32))) as stolen,
        EventLog(database_url, stolen) as elsewhere,
        pytest.raises(WrongKekError),
    ):
        problems(elsewhere)
