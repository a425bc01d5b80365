"""Files of other systems, taken over: the two mappings that the documentation shows."""

import asyncio
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.commands.importing.importer import Importer
from os_events.commands.importing.mapping import Mapping
from os_events.commands.importing.preparing import Preparer
from os_events.commands.importing.readings import Conventions
from os_events.commands.importing.report import Report
from os_events.commands.importing.rows import read_file
from os_events.eventlog.log import EventLog
from os_events.followers.histories import Histories
from os_events.values.acts import Channel
from os_events.values.company import Company
from tests.support import later

EXAMPLES = Path(__file__).parents[2] / "examples" / "import"
SHOP = EXAMPLES / "oficina.csv"
DESK_COLUMNS = (
    "number,incident_state,sys_updated_at,opened_at,caller_id,assigned_to,assignment_group,"
    "category,subcategory,u_symptom,priority,closed_code"
)


def a_change(state: str, at: str) -> str:
    """Make a row of a service desk's file."""
    always = "29-02-2016 08:55,Caller 1,Resolver 1,Group 1,Category 1,?,?,2 - High,code 6"
    return f"INC1,{state},{at},{always}"


CHANGES = [
    a_change("New", "29-02-2016 09:00"),
    a_change("Active", "29-02-2016 09:30"),
    a_change("Awaiting User Info", "29-02-2016 10:00"),
    a_change("Active", "29-02-2016 11:00"),
    a_change("Resolved", "29-02-2016 12:00"),
]
CLOSED = a_change("Closed", "05-03-2016 12:00")


@pytest.fixture
def desk(tmp_path: Path) -> Callable[[list[str]], Path]:
    """A file of a service desk, written anew each time."""

    def write(rows: list[str]) -> Path:
        path = tmp_path / "desk.csv"
        path.write_text("\n".join([DESK_COLUMNS, *rows]))
        return path

    return write


Desk = Callable[[list[str]], Path]


class InterruptedHereError(Exception):
    """The program dies."""


def imported(log: EventLog, mapping: str, file: Path, dies_after: int | None = None) -> Report:
    """When: a file is given; the run may die after some records."""
    rules = Mapping.of_toml((EXAMPLES / mapping).read_text(encoding="utf-8"))
    company = Company.of_toml(resources.files("os_events").joinpath("company.toml").read_text())
    table = read_file(file, rules.source.encoding, rules.source.delimiter)
    preparer = Preparer(rules, table.sha256, company, later())
    done = 0

    def count(rows: int) -> None:
        nonlocal done
        done += rows
        if dies_after is not None and done > dies_after:
            raise InterruptedHereError

    importer = Importer(preparer, table, count)
    asyncio.run(importer.record(importer.rehearsed(), log))
    return importer.report


def order_of(log: EventLog, system: str, record: str) -> OrderHistory:
    """Then: the history of an order that was taken over."""
    names = Conventions(system=system, zone=ZoneInfo("UTC"), instants=())
    return Histories(log).of(OrderHistory, names.identity("order", record))


def stands(history: OrderHistory) -> str:
    return str(history.course.standings[-1][1].status)


def test_every_row_of_a_shops_export_is_told_or_rejected(log: EventLog) -> None:
    report = imported(log, "oficina.toml", SHOP)

    assert (report.rows, report.told, report.silent, report.rejected) == (12, 10, 0, 2)
    assert [(one.line, one.record, one.slug) for one in report.rejects] == [
        (11, "1050", "unreadable-cell"),
        (12, "1051", "occurred-before-start"),
    ]


@pytest.mark.parametrize(
    ("record", "status"),
    [
        ("1041", "closed"),
        ("1042", "returned_unrepaired"),
        ("1043", "awaiting_parts"),
        ("1045", "in_progress"),
        ("1046", "completed"),
        ("1047", "cancelled"),
        ("1049", "open"),
    ],
)
def test_an_order_stands_as_it_stood_in_the_other_system(
    log: EventLog, record: str, status: str
) -> None:
    imported(log, "oficina.toml", SHOP)

    assert stands(order_of(log, "oficina-mapos", record)) == status


def test_a_record_that_is_rejected_leaves_nothing_behind(log: EventLog) -> None:
    imported(log, "oficina.toml", SHOP)

    assert len(log.begun("service-order.opened")) == 10


def test_what_is_imported_was_decided_elsewhere_and_says_so(log: EventLog) -> None:
    imported(log, "oficina.toml", SHOP)

    events = [event for _, event in order_of(log, "oficina-mapos", "1041").events]
    assert {event.channel for event in events} == {Channel.IMPORT}
    assert {event.rule_ids for event in events} == {()}
    assert {str(event.source) for event in events} == {"oficina-mapos 1041"}


def test_money_comes_over_to_the_centavo(log: EventLog) -> None:
    imported(log, "oficina.toml", SHOP)

    order = order_of(log, "oficina-mapos", "1041").course.order
    assert isinstance(order, ServiceOrder)
    assert (order.quotes[1].total, order.paid, order.balance) == (40_990, 40_990, 0)


def test_a_second_run_adds_nothing(log: EventLog) -> None:
    first = imported(log, "oficina.toml", SHOP)
    head = log.head()

    second = imported(log, "oficina.toml", SHOP)

    assert log.head() == head
    assert (second.recorded, second.known_before) == (0, first.recorded)


def test_a_run_that_died_is_just_run_again(log: EventLog) -> None:
    with pytest.raises(InterruptedHereError):
        imported(log, "oficina.toml", SHOP, dies_after=4)
    died_at = log.head()

    imported(log, "oficina.toml", SHOP)

    assert died_at < log.head()
    assert len(log.begun("service-order.opened")) == 10
    assert stands(order_of(log, "oficina-mapos", "1041")) == "closed"


def test_a_longer_file_adds_what_is_new(log: EventLog, desk: Desk) -> None:
    imported(log, "service-desk.toml", desk(CHANGES))

    report = imported(log, "service-desk.toml", desk([*CHANGES, CLOSED]))

    assert report.recorded == 1
    assert stands(order_of(log, "servicenow-2016", "INC1")) == "closed"


def test_a_row_that_says_something_else_than_before_is_rejected(log: EventLog, desk: Desk) -> None:
    imported(log, "service-desk.toml", desk(CHANGES))

    changed = [*CHANGES[:-1], a_change("Resolved", "29-02-2016 12:30")]
    report = imported(log, "service-desk.toml", desk(changed))

    assert [(one.line, one.slug) for one in report.rejects] == [(6, "idempotency-key-misused")]
    assert (report.told, report.silent, report.rejected) == (4, 0, 1)


def test_the_states_of_a_change_log_are_the_statuses_of_the_order(
    log: EventLog, desk: Desk
) -> None:
    imported(log, "service-desk.toml", desk([*CHANGES, CLOSED]))

    course = order_of(log, "servicenow-2016", "INC1").course
    assert [str(standing.status) for _, standing in course.standings] == [
        "open",
        "in_progress",
        "on_hold",
        "in_progress",
        "completed",
        "closed",
    ]


def test_people_are_registered_once(log: EventLog) -> None:
    imported(log, "oficina.toml", SHOP)

    people = log.begun("person.registered")
    assert len(people) == len(set(people)) == 11
    assert all(isinstance(one, UUID) for one in people)


def test_a_person_whom_a_later_file_tells_otherwise_stays_as_is(
    log: EventLog, tmp_path: Path
) -> None:
    imported(log, "oficina.toml", SHOP)
    head = log.head()

    later_file = tmp_path / "oficina.csv"
    later_file.write_bytes(SHOP.read_bytes().replace(b"526.018.159-06", b"111.444.777-35"))
    report = imported(log, "oficina.toml", later_file)

    assert log.head() == head
    assert len(report.rejects) == 2
