"""What the front page asks, on a real database."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from os_events.aggregates.service_order.codes import (
    AssigneeKind,
    Duty,
    OrderType,
    Priority,
    Route,
)
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.organising import Assignee, AssignResponsible
from os_events.aggregates.service_order.promises import PromiseCompletion
from os_events.aggregates.status import Category, OrderStatus
from os_events.eventlog.database import READER, Pool, open_pool
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.followers.history_tables import HistoryTables
from os_events.projections.order_board.board import Count, OrderBoard
from os_events.projections.order_board.wanted import Named, Sort, Wanted
from tests.support import (
    FRIEND,
    NOON,
    TECHNICIAN,
    UNIT,
    a_settled_order,
    a_triage,
    an_act,
    an_opening,
    ask,
    cancelled,
    later,
)
from tests.views import deliver

LEAD = AssignResponsible(
    assignee=Assignee(kind=AssigneeKind.PERSON, id=str(TECHNICIAN)), duty=Duty.LEAD
)
Orders = dict[str, ServiceOrder]


def numbered(number: int, *, due: datetime | None = None, **fields: Any) -> ServiceOrder:
    """Open an order, and promise it."""
    order = an_opening(**fields).begin(an_act(), f"OS-2026-{number:06}")
    return ask(order, PromiseCompletion(promised_at=due)) if due else order


@pytest.fixture
def orders(log: EventLog, pool: Pool) -> Orders:
    """Given: seven orders, of which one is done and one cancelled."""
    given = {
        "no hurry": numbered(1),
        "due late": numbered(2, due=later(72)),
        "due early": numbered(3, due=later(24)),
        "overdue": numbered(4, due=later(2), priority=Priority.LOW),
        "urgent": ask(
            numbered(5, due=later(24), customer_id=FRIEND),
            a_triage(Route.REMOTE, priority=Priority.URGENT, type=OrderType.SUPPORT),
            later(1),
        ),
        "done": ask(a_settled_order(at=later(1)), LEAD),
        "given up": cancelled(numbered(6, due=later(2))),
    }
    follower = Follower(log, pool, HistoryTables(log, [OrderBoard.derivation]))
    for order in given.values():
        log.record_now(order)
    deliver(follower)
    return given


@pytest.fixture
def board(database_url: str) -> Iterator[OrderBoard]:
    with open_pool(database_url, READER, 2) as connections:
        yield OrderBoard(connections)


@pytest.fixture
def shown(board: OrderBoard, orders: Orders) -> Any:
    """When: somebody asks six hours after NOON."""
    names = {order.id: name for name, order in orders.items()}

    def ask_for(named: Named | None = None, **wanted: Any) -> list[str]:
        return [names[row.order_id] for row in board.page(Wanted(**wanted), later(6), named).orders]

    return ask_for


def test_what_is_overdue_stands_first_then_what_is_due_then_what_is_urgent(shown: Any) -> None:
    assert shown() == ["overdue", "urgent", "due early", "due late", "no hurry", "done"]


def test_what_has_ended_is_shown_to_who_asks_for_it(shown: Any) -> None:
    assert "given up" not in shown()
    assert "given up" in shown(ended=True)
    assert shown(status=[OrderStatus.CANCELLED]) == ["given up"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"overdue": True}, {"overdue"}),
        ({"category": [Category.DONE]}, {"done"}),
        ({"status": [OrderStatus.QUEUED, OrderStatus.COMPLETED]}, {"urgent", "done"}),
        ({"priority": [Priority.LOW, Priority.URGENT]}, {"overdue", "urgent"}),
        ({"type": [OrderType.SUPPORT]}, {"urgent"}),
        ({"route": [Route.REMOTE]}, {"urgent"}),
        ({"technician": str(TECHNICIAN)}, {"done"}),
        ({"customer_id": FRIEND}, {"urgent"}),
        ({"unit_id": [UNIT], "overdue": True}, {"overdue"}),
        ({"unit_id": [FRIEND]}, set()),
    ],
)
def test_orders_are_found_by(shown: Any, wanted: dict[str, Any], found: set[str]) -> None:
    assert set(shown(**wanted)) == found


def test_overdue_depends_on_when_it_is_asked(board: OrderBoard, orders: Orders) -> None:
    late = [
        {row.order_id for row in board.page(Wanted(overdue=True), at).orders}
        for at in (later(1), later(2), later(30))
    ]

    assert late == [
        set(),
        {orders["overdue"].id},
        {orders["overdue"].id, orders["due early"].id, orders["urgent"].id},
    ]


def test_a_search_finds_what_has_ended_too(shown: Any) -> None:
    assert shown(Named("OS-2026-000006")) == ["given up"]


@pytest.mark.parametrize("typed", ["os-2026-000004", "2026-000004", "4"])
def test_an_order_is_found_by_its_number(shown: Any, typed: str) -> None:
    assert shown(Named(typed)) == ["overdue"]


def test_an_order_is_found_by_what_the_lookup_found(shown: Any, orders: Orders) -> None:
    named = Named("zy22g8kxlm", order_ids=[orders["no hurry"].id], customer_ids=[FRIEND])

    assert set(shown(named)) == {"no hurry", "urgent"}


@pytest.mark.parametrize("sort", Sort)
def test_pages_show_every_order_once(board: OrderBoard, orders: Orders, sort: Sort) -> None:
    seen: list[UUID] = []
    wanted = Wanted(ended=True, sort=sort)
    whole = [row.order_id for row in board.page(wanted, NOON).orders]

    def turn(cursor: str | None) -> str | None:
        page = board.page(wanted.model_copy(update={"cursor": cursor}), NOON, limit=2)
        seen.extend(row.order_id for row in page.orders)
        return page.next

    cursors = [cursor := turn(None), cursor := turn(cursor), cursor := turn(cursor), turn(cursor)]

    assert seen == whole
    assert set(whole) == {order.id for order in orders.values()}
    assert cursors[-1] is None


@pytest.mark.usefixtures("orders")
def test_orders_are_counted_by_status_with_those_that_are_overdue(board: OrderBoard) -> None:
    counts = board.counts(Wanted(overdue=True, status=(OrderStatus.QUEUED,)), later(6))

    assert sorted(counts, key=str) == [
        Count("completed", "DONE", 1, 0),
        Count("open", "NEW", 4, 1),
        Count("queued", "PLANNED", 1, 0),
    ]
