"""Whatever happened to an order, in whatever order it was told: what read models make of it."""

from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.eventlog.mapper import EventMapper
from os_events.projections.facts.intervals import IntervalKind
from os_events.projections.facts.intervals import rows as intervals
from os_events.projections.order_view.changes import changes
from tests.logs import stored
from tests.support import NOON, facts
from tests.verbs import VERBS, begun, lived
from tests.views import ORDER_VIEWS, logged

LIVES = st.builds(lived, begun(), st.lists(VERBS, min_size=5, max_size=40))
CHANCE = st.randoms(use_true_random=False)
SLOWLY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def derived(events: list[Any]) -> list[list[Any]]:
    """Give the rows of every read model of orders."""
    return [list(one.rows(OrderHistory.of(events))) for one in ORDER_VIEWS]


def sealed(order: ServiceOrder) -> list[Any]:
    """Give what happened as followers read it."""
    mapper = EventMapper()
    return logged(mapper.to_domain_event(event) for event in stored(order))  # type: ignore[misc]


@SLOWLY
@given(LIVES, CHANCE)
def test_rows_are_the_same_whatever_order_events_are_read_in(
    order: ServiceOrder, chance: Random
) -> None:
    events = logged(facts(order))
    mixed = list(events)
    chance.shuffle(mixed)

    assert derived(mixed) == derived(events)


@SLOWLY
@given(LIVES)
def test_no_row_depends_on_a_personal_value(order: ServiceOrder) -> None:
    assert derived(sealed(order)) == derived(logged(facts(order)))


@SLOWLY
@given(LIVES, st.integers(0, 2000).map(lambda hours: NOON + timedelta(hours=hours)))
def test_an_order_as_of_an_instant_is_what_had_happened_by_then(
    order: ServiceOrder, instant: Any
) -> None:
    events = logged(facts(order))
    by_then = [event for event in events if event.occurred_at <= instant]

    past = OrderHistory.of(events).until(as_of=instant)

    assert derived([event for _, event in past.events]) == derived(by_then)


@SLOWLY
@given(LIVES)
def test_statuses_follow_each_other_and_nothing_ends_before_it_begins(order: ServiceOrder) -> None:
    found = list(intervals(OrderHistory.of(logged(facts(order)))))

    statuses = [row for row in found if row.kind == IntervalKind.STATUS]
    assert all(one.ended_at == other.started_at for one, other in pairwise(statuses))
    assert statuses[-1].ended_at is None
    assert all(row.started_at <= (row.ended_at or row.started_at) for row in found)


@SLOWLY
@given(LIVES)
def test_nothing_changes_between_an_instant_and_itself(order: ServiceOrder) -> None:
    told = OrderHistory.of(logged(facts(order)))

    assert changes(told, told) == []
