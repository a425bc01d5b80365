"""Histories: the same whatever order their facts were recorded in, and asked with two clocks."""

from datetime import datetime, timedelta

import pytest

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import HoldCause, HoldScope
from os_events.aggregates.service_order.holds import PlaceHold, ReleaseHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.status import OrderStatus, standing
from tests.golden.lives import a_refused_quote, a_repaired_telephone
from tests.support import (
    BECAUSE,
    NOON,
    a_closing,
    a_completion,
    a_quote,
    a_settlement,
    a_start,
    a_triage,
    an_activity,
    an_approval,
    an_order,
    ask,
    facts,
    later,
)
from tests.views import history, logged

HELD = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.CUSTOMER)


def a_repair() -> ServiceOrder:
    """Live a whole life without a device: ten facts."""
    order = ask(an_order(), a_triage(), later(minutes=30))
    ask(order, a_quote(), later(1))
    ask(order, an_approval(order), later(1))
    ask(order, a_start(), later(2))
    ask(order, an_activity("screen"), later(2))
    ask(order, an_activity("port"), later(2))
    ask(order, a_completion(), later(3))
    ask(order, a_settlement(), later(3))
    return ask(order, a_closing(), later(4))


def standings(told: OrderHistory) -> list[tuple[str, datetime]]:
    return [(now.status.value, at) for at, now in told.course.standings]


def test_a_repair_goes_through_its_statuses() -> None:
    assert standings(history(a_repair())) == [
        ("open", NOON),
        ("queued", later(minutes=30)),
        ("approved", later(1)),
        ("in_progress", later(2)),
        ("completed", later(3)),
        ("closed", later(4)),
    ]


def test_what_happens_at_one_instant_is_one_status() -> None:
    order = ask(an_order(), a_triage())

    assert standings(history(order)) == [("queued", NOON)]


def test_a_hold_that_is_told_late_counts_from_when_it_happened() -> None:
    order = ask(an_order(), a_triage(), later(1))
    ask(order, a_quote(), later(5))
    ask(order, an_approval(order), later(5))
    ask(order, HELD, later(2), reason=BECAUSE, declared=("Q10",))
    ask(order, ReleaseHold(), later(4))

    assert standings(history(order)) == [
        ("open", NOON),
        ("queued", later(1)),
        ("on_hold", later(2)),
        ("queued", later(4)),
        ("approved", later(5)),
    ]


def test_a_fact_that_changes_no_status_leaves_the_standing() -> None:
    order = ask(an_order(), a_triage(), later(1))

    ask(order, a_triage(), later(2))

    assert standings(history(order)) == [("open", NOON), ("queued", later(1))]


@pytest.mark.parametrize("life", [a_repaired_telephone(), a_refused_quote()])
def test_facts_may_be_replayed_backwards(life: ServiceOrder) -> None:
    opened, *others = facts(life)
    order = opened.beginning(ServiceOrder)

    for fact in reversed(others):
        fact.apply(order)

    assert standing(order).status in OrderStatus


def test_parts_are_called_by_what_they_are() -> None:
    told = history(a_repaired_telephone())

    assert list(told.things.values()) == ["Conector USB-C"]


def test_the_order_is_what_it_was_told_last() -> None:
    order = a_repair()

    told = history(order).course.order

    assert told is not None
    assert (told.id, told.ended, told.line_outcomes) == (order.id, order.ended, order.line_outcomes)


def test_a_history_may_be_asked_as_it_was_and_as_it_was_known() -> None:
    order = ask(an_order(), a_triage(), later(5))
    ask(order, HELD, later(2), reason=BECAUSE)  # the third to be recorded
    told = history(order)
    before_the_hold_was_recorded = told.events[2][1].recorded_at

    as_it_was = told.until(as_of=later(4))
    as_it_was_known = told.until(as_of=later(4), known_at=before_the_hold_was_recorded)

    assert standings(as_it_was) == [("open", NOON), ("on_hold", later(2))]
    assert standings(as_it_was_known) == [("open", NOON)]


@pytest.mark.parametrize(
    "instant", [{"as_of": NOON - timedelta.resolution}, {"known_at": NOON - timedelta.resolution}]
)
def test_nothing_is_known_of_an_order_before_it_begins(instant: dict[str, datetime]) -> None:
    course = history(a_repair()).until(**instant).course

    assert (course.order, course.standings) == (None, [])


def test_an_instant_that_is_asked_for_counts() -> None:
    told = history(ask(an_order(), a_triage(), later(1)))

    assert standings(told.until(as_of=later(1)))[-1] == ("queued", later(1))


def test_nothing_happens_to_an_order_before_it_begins() -> None:
    order = ask(an_order(), a_triage(), NOON - timedelta(days=1))

    assert standings(history(order)) == [("queued", NOON)]


def test_a_history_does_not_depend_on_the_order_of_reading() -> None:
    events = logged(facts(a_repair()))

    assert OrderHistory.of(reversed(events)) == OrderHistory.of(events)


def test_facts_of_one_instant_stand_in_the_order_of_the_log() -> None:
    events = logged(facts(a_repair()))

    positions = [event.position for _, event in OrderHistory.of(reversed(events)).events]

    assert positions == list(range(1, len(events) + 1))
