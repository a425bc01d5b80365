"""What one line of the board says of an order, and which orders a question means."""

from datetime import timedelta

import pytest

from os_events.aggregates.service_order.codes import Priority, Route
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.promises import PromiseCompletion
from os_events.projections.order_board.row import BoardRow, rows
from os_events.projections.order_board.wanted import (
    Named,
    Sort,
    Wanted,
    cursor_after,
    read_cursor,
    where,
)
from tests.support import (
    NOON,
    TECHNICIAN,
    a_settled_order,
    a_triage,
    an_act,
    an_opening,
    an_order,
    approved,
    ask,
    cancelled,
    imported,
    later,
)
from tests.views import a_life, history


def row_of(order: ServiceOrder) -> BoardRow:
    [row] = rows(history(order))
    return row


def promised(order: ServiceOrder) -> ServiceOrder:
    return ask(order, PromiseCompletion(promised_at=later(48)))


def test_a_finished_order_says_who_led_it_and_what_became_of_its_prices() -> None:
    row = row_of(a_life())

    assert (row.status, row.category, row.outcome) == ("closed", "CLOSED", "fulfilled")
    assert row.technician == str(TECHNICIAN)
    assert (row.quoted_total, row.approved_total, row.settled_total) == (40000, 40000, 39000)
    assert (row.quote, row.custody, row.billing, row.balance) == (
        "approved",
        "delivered",
        "paid",
        0,
    )


def test_an_order_is_overdue_from_the_instant_that_was_promised() -> None:
    row = row_of(promised(an_order()))

    assert not row.is_overdue(later(48) - timedelta(microseconds=1))
    assert row.is_overdue(later(48))


def test_what_is_done_or_has_ended_is_not_overdue() -> None:
    done, ended = a_settled_order(), cancelled(promised(an_order()))

    assert [row_of(order).due_at for order in (done, ended)] == [None, None]
    assert row_of(ended).promised_at == later(48)


def test_an_order_that_nobody_promised_is_never_overdue() -> None:
    assert not row_of(an_order()).is_overdue(later(10_000))


def test_the_last_triage_says_route_and_priority() -> None:
    order = ask(an_order(), a_triage(Route.REMOTE, priority=Priority.URGENT))

    row = row_of(order)

    assert (row.route, row.priority, row.urgency) == ("remote", "urgent", 0)


def test_an_order_of_another_system_says_so() -> None:
    order = an_opening(channel="import").begin(an_act(**imported()), "INC0000045")

    assert row_of(order).imported
    assert not row_of(an_order()).imported


def test_the_status_counts_from_when_it_was_reached() -> None:
    order = ask(ask(an_order(), a_triage(), later(1)), a_triage(), later(2))

    row = row_of(order)

    assert (row.status, row.status_since, row.opened_at) == ("queued", later(1), NOON)


@pytest.mark.parametrize("sort", Sort)
def test_a_cursor_leads_back_to_where_a_page_ended(sort: Sort) -> None:
    row = row_of(promised(an_order()))

    *_, last = read_cursor(cursor_after(row, sort), sort)

    assert last == row.order_id


def test_a_cursor_may_end_at_an_order_that_nobody_promised() -> None:
    row = row_of(an_order())

    found = read_cursor(cursor_after(row, Sort.DUE), Sort.DUE)

    assert found == ["infinity", 2, NOON, row.order_id]


@pytest.mark.parametrize("cursor", ["!", "bm90IGpzb24", "W10", "WyJkdWUiLDEsMSwxXQ"])
def test_what_no_page_gave_is_no_cursor(cursor: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        Wanted(cursor=cursor)


def test_a_cursor_is_of_one_sort() -> None:
    cursor = cursor_after(row_of(an_order()), Sort.LATEST)

    with pytest.raises(ValueError, match="not a cursor"):
        Wanted(cursor=cursor, sort=Sort.DUE)


def test_open_orders_are_meant_unless_others_are_asked_for() -> None:
    assert where(Wanted(), NOON, None).sql == "category <> 'CLOSED'"
    assert where(Wanted(ended=True), NOON, None).sql == "true"
    assert where(Wanted(overdue=True), NOON, None).values == [NOON]


@pytest.mark.parametrize(
    ("typed", "patterns"),
    [
        ("os-2026-000012", ["OS-2026-000012%"]),
        ("OS-2026", ["OS-2026%"]),
        ("2026-000012", ["OS-2026-000012"]),
        (" 12 ", ["%-000012"]),
        ("1234567", ["%-1234567"]),
        ("50%_\\", ["%-000050"]),
        ("%", []),
    ],
)
def test_a_number_is_found_by_its_beginning_or_by_its_last_part(
    typed: str, patterns: list[str]
) -> None:
    assert Named(typed).patterns() == patterns


def test_an_approved_order_waits_for_nobody() -> None:
    row = row_of(approved(an_order()))

    assert (row.status, row.waits_for) == ("approved", None)
