"""Promises that are passed, likely to be missed, or on course."""

from datetime import timedelta

from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.promises import PromiseCompletion
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.asking import Figures
from os_events.kpis.figures.promises_at_risk import PROMISES_AT_RISK
from os_events.kpis.question import Dimension, Question
from tests.figures import YEAR, asked, counted, numbers, recorded, reopened
from tests.support import SAO_PAULO, a_completion, a_start, an_activity, an_order, ask, later
from tests.views import a_life, a_ready_notice

NOW = later(100)
OPENED = NOW - timedelta(hours=1)


def promised(hours: float) -> ServiceOrder:
    """Open an order an hour ago, and promise its completion some hours from now."""
    promise = PromiseCompletion(promised_at=NOW + timedelta(hours=hours))
    return ask(an_order(OPENED), promise, OPENED)


def examples(quick: int, slow: int) -> list[ServiceOrder]:
    """Give orders that were ready 15 hours after they were opened, and others after 50."""
    again = [reopened(a_life(), 40) for _ in range(slow)]
    for change in (a_start("screen"), an_activity(), a_completion("screen"), a_ready_notice()):
        for order in again:
            ask(order, change, later(50))
    return again + [a_life() for _ in range(quick)]


def test_a_promise_is_at_risk_when_orders_like_it_took_longer(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    dated = [promised(hours) for hours in (-0.5, 10, 13.9, 14.1, 30, 48.9, 49.1)]
    recorded(log, followers, *dated, an_order(OPENED), *examples(quick=8, slow=2))

    found = asked(figures, PROMISES_AT_RISK, NOW, by=(Dimension.SERIES,))
    whole = asked(figures, PROMISES_AT_RISK, NOW)
    that_count = Question(YEAR, NOW, SAO_PAULO, where={Dimension.STATE: ("",)})
    [first] = figures.cases(PROMISES_AT_RISK, that_count, 1)

    assert numbers(found) == [("likely", 2, 2), ("passed", 1, 1), ("possible", 3, 3), (None, 0, 0)]
    assert counted(whole) == [(6, 6, {"no_promise": 1, "on_course": 1})]
    assert (first.order_id, first.series) == (dated[0].id, "passed")


def test_nothing_is_foretold_from_a_few_examples(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    recorded(log, followers, promised(-0.5), promised(1), *examples(quick=9, slow=0))

    found = asked(figures, PROMISES_AT_RISK, NOW)

    assert counted(found) == [(1, 1, {"no_examples": 1})]
