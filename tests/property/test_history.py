"""Whatever is asked of an order, in whatever order facts are recorded and replayed."""

from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from os_events.aggregates.base import Change, DomainEvent
from os_events.aggregates.facets import billing_facet, custody_facet, quote_facet
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.stages import LineStage, stages
from os_events.aggregates.status import OrderStatus, standing
from tests.golden.reference import requests
from tests.support import facts
from tests.verbs import (
    ACTS,
    CUSTODY,
    ENDING,
    IMPORTED,
    REQUESTS,
    VERBS,
    WORK,
    Verb,
    begun,
    lived,
)
from tests.views import logged

ORDERS = "os_events.aggregates.service_order."
TICK = timedelta(microseconds=1)
LIVES = st.builds(lived, begun(), st.lists(VERBS, min_size=5, max_size=40))
TOLD_LATE = st.builds(
    Verb,
    st.one_of(*{**CUSTODY, **WORK, **ENDING}.values()),
    st.integers(0, 5),
    st.just(value=True),
    ACTS | IMPORTED,
)
CHANCE = st.randoms(use_true_random=False)
SLOWLY = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def beginning(events: list[DomainEvent]) -> tuple[Opened, list[Any]]:
    opened, *later_facts = events
    assert isinstance(opened, Opened)
    return opened, later_facts


@SLOWLY
@given(LIVES)
def test_whatever_is_asked_is_accepted_or_refused_by_a_rule(order: ServiceOrder) -> None:
    assert [fact.version for fact in facts(order)] == list(range(1, len(facts(order)) + 1))


@SLOWLY
@given(LIVES, CHANCE)
def test_facts_may_be_applied_in_any_order_and_leave_something_that_has_a_status(
    order: ServiceOrder, chance: Random
) -> None:
    opened, later_facts = beginning(facts(order))
    chance.shuffle(later_facts)
    replayed = opened.beginning(ServiceOrder)

    for fact in later_facts:
        fact.apply(replayed)

    assert standing(replayed).status in OrderStatus
    assert set(stages(replayed).values()) <= set(LineStage)
    assert [str(facet(replayed)) for facet in (quote_facet, custody_facet, billing_facet)]


@SLOWLY
@given(LIVES, CHANCE)
def test_a_history_is_the_same_whatever_order_its_facts_are_read_in(
    order: ServiceOrder, chance: Random
) -> None:
    events = logged(facts(order))
    mixed = list(events)
    chance.shuffle(mixed)

    assert told(OrderHistory.of(mixed)) == told(OrderHistory.of(events))


@SLOWLY
@given(LIVES, CHANCE)
def test_a_history_is_the_same_whatever_order_its_facts_were_recorded_in(
    order: ServiceOrder, chance: Random
) -> None:
    opened, later_facts = beginning(facts(order))
    apart = [
        fact.model_copy(update={"timestamp": fact.occurred_at + n * TICK})
        for n, fact in enumerate(later_facts)
    ]
    shuffled = list(apart)
    chance.shuffle(shuffled)

    one, other = (OrderHistory.of(logged([opened, *facts_])) for facts_ in (apart, shuffled))

    assert told(one) == told(other)


@settings(SLOWLY, max_examples=500)
@given(st.builds(lived, begun(), st.lists(TOLD_LATE, min_size=5, max_size=30)))
def test_who_has_the_device_and_whether_it_is_over_is_the_same_as_recorded_and_as_it_happened(
    order: ServiceOrder,
) -> None:
    happened = OrderHistory.of(logged(facts(order))).course.order

    assert happened
    assert (happened.in_custody, happened.ended) == (order.in_custody, order.ended)


@SLOWLY
@given(LIVES)
def test_standings_differ_from_their_neighbours_and_follow_each_other(order: ServiceOrder) -> None:
    standings = OrderHistory.of(logged(facts(order))).course.standings

    instants = [instant for instant, _ in standings]
    assert sorted(set(instants)) == instants
    assert all(one[1] != other[1] for one, other in pairwise(standings))


def test_everything_that_may_be_asked_of_an_order_is_tried() -> None:
    asked = {kind for kind in requests() if issubclass(kind, Change)}

    assert {kind for kind in asked if kind.__module__.startswith(ORDERS)} == set(REQUESTS)


def told(history: OrderHistory) -> tuple[Any, ...]:
    """Say all that a reader could see of a history."""
    order = history.course.order
    return history.course.standings, order and vars(order)
