"""Promises of the log that only the database can keep."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from os_events.aggregates.log import open_log
from os_events.aggregates.service_order.checks import DuplicateIdError
from os_events.aggregates.service_order.notes import AddNote
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.errors import ConflictError, NotFoundError, TamperedError, UnavailableError
from os_events.eventlog.database import READER, connect
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog, KeyMisusedError
from os_events.eventlog.recorder import BEGUN
from os_events.eventlog.submission import RequestKey
from os_events.values.personal import Found, Sealed, personal_fields
from tests.logs import tamper
from tests.support import a_phone, a_triage, an_act, an_order, ask

ONCE = RequestKey.of("key-1", b"body")
NOTE = AddNote(note_id=UUID(int=50), text="A customer's own words")


def note(order: ServiceOrder) -> None:
    ask(order, NOTE)


def triage(order: ServiceOrder) -> None:
    ask(order, a_triage())


def test_a_loaded_order_is_the_recorded_order(log: EventLog) -> None:
    order = an_order()
    triage(order)

    recorded = log.record_now(order)

    loaded = log.load(ServiceOrder, order.id)
    assert (loaded.version, loaded.triaged, loaded.line_ids) == (2, True, order.line_ids)
    assert (recorded.aggregate_id, recorded.version, recorded.position) == (order.id, 2, 2)
    assert not recorded.replayed


def test_positions_have_no_holes_and_recorded_at_only_grows(log: EventLog) -> None:
    orders = [an_order() for _ in range(5)]
    for order in orders:
        triage(order)
        log.record_now(order)

    events = log.read(0, log.head())

    assert [event.position for event in events] == list(range(1, 11))
    times = [event.recorded_at for event in events]
    assert all(earlier < later for earlier, later in pairwise(times))


def test_a_repeated_request_gets_the_first_answer_and_records_nothing(log: EventLog) -> None:
    first = log.record_now(an_order(), ONCE)

    again = log.record_now(an_order(), ONCE)

    assert again == first.model_copy(update={"replayed": True})
    assert log.answer_to(ONCE) == again
    assert log.head() == 1


def test_a_request_that_was_never_recorded_has_no_answer(log: EventLog) -> None:
    assert log.answer_to(ONCE) is None


def test_a_key_belongs_to_one_request(log: EventLog) -> None:
    log.record_now(an_order(), ONCE)
    misused = RequestKey.of("key-1", b"another body")

    with pytest.raises(KeyMisusedError):
        log.record_now(an_order(), misused)
    with pytest.raises(KeyMisusedError):
        log.answer_to(misused)


def test_repeating_a_change_is_not_refused(log: EventLog) -> None:
    order = an_order()
    log.record_now(order)

    async def twice() -> None:
        first = await log.change(ServiceOrder, order.id, note, ONCE)
        again = await log.change(ServiceOrder, order.id, note, ONCE)
        assert (again.position, again.replayed) == (first.position, True)
        with pytest.raises(DuplicateIdError):
            await log.change(ServiceOrder, order.id, note, RequestKey.new())

    asyncio.run(twice())


def test_a_memory_that_is_behind_is_refreshed(
    log: EventLog, keys: KeyRing, database_url: str
) -> None:
    order = an_order()

    async def behind() -> None:
        await log.record(order)  # this process remembers the order without a note
        with EventLog(database_url, keys) as elsewhere:
            await elsewhere.change(ServiceOrder, order.id, note, ONCE)
        with pytest.raises(DuplicateIdError):
            await log.change(ServiceOrder, order.id, note, RequestKey.new())
        assert (await log.change(ServiceOrder, order.id, triage, RequestKey.new())).version == 3

    asyncio.run(behind())


def test_what_a_refused_request_did_to_a_remembered_order_is_forgotten(log: EventLog) -> None:
    order = an_order()

    def half(remembered: ServiceOrder) -> None:
        triage(remembered)
        raise DuplicateIdError

    async def refused_then_triaged() -> int:
        await log.record(order)
        with pytest.raises(DuplicateIdError):
            await log.change(ServiceOrder, order.id, half, RequestKey.new())
        return (await log.change(ServiceOrder, order.id, triage, RequestKey.new())).version

    assert asyncio.run(refused_then_triaged()) == 2


def test_no_remembered_order_holds_a_personal_value(log: EventLog) -> None:
    order = an_order(asset=a_phone(serial="CANARY3141"))
    seen: list[Found] = []

    async def opened_then_looked_at() -> None:
        await log.record(order)
        await log.change(ServiceOrder, order.id, look, RequestKey.new())

    def look(remembered: ServiceOrder) -> None:
        seen.extend(personal_fields(remembered.asset))
        triage(remembered)

    asyncio.run(opened_then_looked_at())

    assert [type(found.value) for found in seen] == [Sealed]


def test_who_is_late_is_told_so(log: EventLog) -> None:
    order = an_order()
    log.record_now(order)
    late = log.load(ServiceOrder, order.id)
    triage(order)
    log.record_now(order)

    triage(late)
    with pytest.raises(ConflictError):
        log.record_now(late)


def test_changes_of_one_order_at_the_same_time_are_decided_one_after_the_other(
    log: EventLog, keys: KeyRing, database_url: str
) -> None:
    order = an_order()
    log.record_now(order)

    async def at_once() -> list[int]:
        with EventLog(database_url, keys) as other:
            changes = [
                one.change(ServiceOrder, order.id, triage, RequestKey.new())
                for one in (log, other) * 8
            ]
            return [recorded.version for recorded in await asyncio.gather(*changes)]

    assert sorted(asyncio.run(at_once())) == list(range(2, 18))


def test_two_processes_write_one_log(log: EventLog, keys: KeyRing, database_url: str) -> None:
    def write(writer: EventLog) -> list[int]:
        return [writer.record_now(an_order()).position for _ in range(50)]

    with EventLog(database_url, keys) as other, ThreadPoolExecutor(2) as threads:
        positions = [p for taken in threads.map(write, (log, other)) for p in taken]

    assert sorted(positions) == list(range(1, 101))


def test_what_does_not_exist_is_not_found(log: EventLog) -> None:
    opened = open_log(an_act(), "log.example", ())
    log.record_now(opened)

    with pytest.raises(NotFoundError):
        log.load(ServiceOrder, UUID(int=7))
    with pytest.raises(NotFoundError):
        log.load(ServiceOrder, opened.id)


def test_a_change_of_what_does_not_exist_is_not_found(log: EventLog) -> None:
    with pytest.raises(NotFoundError):
        asyncio.run(log.change(ServiceOrder, UUID(int=7), triage, ONCE))


def test_nothing_is_recorded_while_there_is_a_refusal(log: EventLog) -> None:
    order = an_order()
    log.record_now(order)
    log.refusal = TamperedError("log-shorter-than-signed")

    with pytest.raises(TamperedError, match="log-shorter"):
        log.record_now(an_order())
    with pytest.raises(TamperedError, match="log-shorter"):
        asyncio.run(log.change(ServiceOrder, order.id, triage, ONCE))
    assert log.head() == 1

    log.refusal = None
    assert log.record_now(an_order()).position == 2


def test_a_closed_log_says_so(log: EventLog) -> None:
    log.recorder.committer.close()

    with pytest.raises(UnavailableError, match="the log is closed"):
        log.record_now(an_order())


def test_histories_are_read_whole_up_to_a_position(log: EventLog) -> None:
    first, second = an_order(), an_order()
    for order in (first, second):
        log.record_now(order)
    triage(first)
    log.record_now(first)

    both = log.histories([second.id, first.id])

    assert [event.position for event in both] == [2, 1, 3]
    assert [event.position for event in log.histories([first.id], upto=2)] == [1]
    assert [event.version for event in log.history_of(first.id)] == [1, 2]
    assert log.history_of(UUID(int=7)) == []
    assert log.begun("service-order.opened", upto=1) == [first.id]


def test_only_the_topics_asked_for_are_read(log: EventLog) -> None:
    order = an_order()
    triage(order)
    log.record_now(order)

    [triaged] = log.read(0, 2, ["service-order.triaged"])

    assert triaged.position == 2


def test_a_hole_in_the_log_is_never_passed_over(log: EventLog, admin_url: str) -> None:
    for _ in range(3):
        log.record_now(an_order())
    tamper(admin_url, "DELETE FROM log.events WHERE position = 2")

    with pytest.raises(TamperedError):
        log.read(0, 3)
    with pytest.raises(TamperedError):
        log.read(0, 3, ["service-order.opened"])


def test_hundreds_of_changes_at_once_are_all_recorded(log: EventLog) -> None:
    orders = [an_order() for _ in range(300)]

    async def open_and_triage() -> None:
        await asyncio.gather(*(log.record(order) for order in orders))
        changes = (log.change(ServiceOrder, o.id, triage, RequestKey.new()) for o in orders)
        await asyncio.gather(*changes)

    asyncio.run(open_and_triage())

    assert log.head() == 600


def test_numbers_of_a_scope_are_drawn_once_each(log: EventLog) -> None:
    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(log.next_number, ["orders-2026"] * 20))

    assert sorted(numbers) == list(range(1, 21))
    assert log.next_number("orders-2026") == 21
    assert log.next_number("orders-2027") == 1


def test_in_a_topic_only_the_percent_sign_stands_for_something_else(log: EventLog) -> None:
    ids = [uuid4(), uuid4()]
    for aggregate_id, topic in zip(ids, ["a_thing.began", "another.began"], strict=True):
        log.recorder.insert_events([StoredEvent(aggregate_id, 1, topic, b"{}")])
    log.recorder.insert_events([StoredEvent(uuid4(), 1, "a-thing.began", b"{}")])

    exact = log.recorder.select_notifications(1, 10, topics=["a_thing.began"])
    any_end = log.recorder.select_notifications(1, 10, topics=["a_thing.%"])
    of_histories = log.recorder.select_histories(ids, 10, ["another_began", "a_thing.began"])

    assert [event.id for event in exact] == [1]
    assert [event.id for event in any_end] == [1]
    assert [event.id for event in of_histories] == [1]


def test_what_began_is_found_without_looking_at_what_followed(
    log: EventLog, database_url: str
) -> None:
    for _ in range(20):
        first, *later = (uuid4(), *range(2, 51))
        history = [StoredEvent(first, version, "a.went-on", b"{}") for version in later]
        log.recorder.insert_events([StoredEvent(first, 1, "a.began", b"{}"), *history])

    with connect(database_url, READER) as reader:
        plan = reader.execute(f"EXPLAIN {BEGUN}", ("a.began", 10**9)).fetchall()

    assert [line for (line,) in plan if "Index Only Scan using beginnings" in line]
    assert len(log.begun("a.began", upto=500)) == 10
