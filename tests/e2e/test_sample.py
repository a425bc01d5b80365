"""The sample: a fortnight in which everything that happens in a repair shop happens once."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.e2e.processes import ask
from tests.e2e.programs import Program

STANDS = {
    "approved": 1,  # reopened
    "awaiting_approval": 2,  # one of them since its quote has expired
    "awaiting_parts": 1,
    "cancelled": 1,
    "closed": 1,
    "in_diagnosis": 1,
    "in_progress": 3,
    "in_testing": 1,
    "open": 1,
    "queued": 1,
    "ready_for_pickup": 2,
    "returned_unrepaired": 1,
}


@pytest.fixture(scope="module")
def key(sample: Program) -> str:
    return sample.ask("keys", "new", "--role", "manager", "--quiet").strip()


@pytest.fixture(scope="module")
def orders(sample: Program, key: str) -> list[dict[str, Any]]:
    _, board = ask(sample, "/service-orders?ended=true", key)
    return list(board["orders"])


def facts(program: Program, key: str, order: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the facts of an order, in the order in which they were recorded."""
    _, past = ask(program, f"/service-orders/{order['order_id']}/history?language=en", key)
    return sorted(past["facts"], key=lambda fact: int(fact["position"]))


def test_orders_stand_in_every_way_that_orders_stand(orders: list[dict[str, Any]]) -> None:
    assert Counter(order["status"] for order in orders) == STANDS
    assert {order["priority"] for order in orders} == {"low", "normal", "high", "urgent"}
    assert {order["basis"] for order in orders} == {"out_of_warranty", "service_warranty"}


def test_some_are_late(sample: Program, key: str) -> None:
    _, board = ask(sample, "/service-orders?overdue=true", key)

    assert len(board["orders"]) >= 3


def test_every_entry_says_that_it_is_a_sample_and_was_told_afterwards(
    sample: Program, key: str, orders: list[dict[str, Any]]
) -> None:
    told = [fact for order in orders for fact in facts(sample, key, order)]

    assert len(told) > 180
    assert {(fact["reason"], fact["source"]) for fact in told} == {("sample", "sample-shop")}


def test_a_hold_is_told_after_what_came_later(
    sample: Program, key: str, orders: list[dict[str, Any]]
) -> None:
    [held] = [order for order in orders if "Canon" in str(order["asset"])]

    told = [fact["topic"].partition(".")[2] for fact in facts(sample, key, held)]

    assert told[-3:] == ["note-added", "hold-placed", "hold-released"]


def test_a_fortnight_ends_now(sample: Program, key: str, orders: list[dict[str, Any]]) -> None:
    told = [fact for order in orders[:-1] for fact in facts(sample, key, order)]
    instants = [datetime.fromisoformat(fact["occurred_at"]) for fact in told]
    latest = max(datetime.fromisoformat(fact["recorded_at"]) for fact in told)

    assert max(instants) <= latest
    assert min(instants) > latest - timedelta(days=20)
