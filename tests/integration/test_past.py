"""What was known at an instant is derived afresh from the log, beside what is known now."""

from dataclasses import replace
from datetime import datetime

import psycopg
import pytest

from os_events.aggregates.service_order.codes import HoldCause, HoldScope
from os_events.aggregates.service_order.holds import PlaceHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.followers.rebuild import Source
from os_events.kpis.asking import Figures
from os_events.kpis.differences import differences, told_since
from os_events.kpis.figures.time_in_state import TIME_IN_STATE
from os_events.kpis.past import Past, position_at
from os_events.kpis.question import Dimension, Period, Question
from tests.support import BECAUSE, NOON, a_triage, an_order, ask, later
from tests.views import deliver

PLACED = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.PARTS)
FIRST = NOON.date().replace(day=1)
QUESTION = Question(
    Period(FIRST, FIRST.replace(month=FIRST.month + 1)),
    later(10),
    "America/Sao_Paulo",
    by=(Dimension.SERIES,),
)


@pytest.fixture
def past(log: EventLog, pool: Pool) -> Past:
    return Past(Source(log, pool), wait_seconds=30)


@pytest.fixture
def order(log: EventLog, followers: list[Follower]) -> ServiceOrder:
    """An order that was told to be queued after two hours."""
    order = ask(an_order(), a_triage(), later(2))
    log.record_now(order)
    deliver(*followers)
    return order


def recorded_at(log: EventLog, position: int) -> datetime:
    [event] = log.read(position - 1, position)
    return event.recorded_at


def hours(figures: Figures, question: Question) -> dict[str | None, float]:
    found = figures.ask(TIME_IN_STATE, question)
    return {group.values["series"]: group.numerator / 3600 for group in found}


def tables(connection_url: str) -> list[str]:
    with psycopg.connect(connection_url) as connection:
        found = connection.execute(
            "SELECT relname FROM pg_class WHERE relname ~ '^order_traits_1_at_[0-9]+$'"
        )
        return sorted(name for (name,) in found)


def test_a_position_is_found_by_when_it_was_recorded(log: EventLog, order: ServiceOrder) -> None:
    assert position_at(log, recorded_at(log, order.version)) == order.version
    assert position_at(log, NOON) == 0


def test_what_was_told_late_was_not_known_before(
    log: EventLog, followers: list[Follower], figures: Figures, past: Past, order: ServiceOrder
) -> None:
    then = recorded_at(log, order.version)
    log.record_now(ask(order, PLACED, later(5), reason=BECAUSE))
    deliver(*followers)

    known = past.reached(then)

    assert hours(figures, replace(QUESTION, suffix=known.suffix)) == {"open": 2, "queued": 8}
    assert hours(figures, QUESTION) == {"open": 2, "queued": 3, "on_hold": 5}


@pytest.mark.usefixtures("order")
def test_what_is_known_now_needs_nothing_derived(log: EventLog, past: Past, admin_url: str) -> None:
    known = past.reached(later(100_000))

    assert (known.position, known.suffix) == (log.head(), "")
    assert tables(admin_url) == []


def test_why_two_answers_differ_is_told_by_case_and_by_fact(
    log: EventLog, followers: list[Follower], figures: Figures, past: Past, order: ServiceOrder
) -> None:
    known = past.derive(recorded_at(log, order.version))
    log.record_now(ask(order, PLACED, later(5), reason=BECAUSE))
    deliver(*followers)
    known = past.derive(recorded_at(log, known.position))

    found = differences(figures, TIME_IN_STATE, replace(QUESTION, suffix=known.suffix), QUESTION, 9)
    since = told_since(log, order.id, known.position, QUESTION.as_of)

    changed = [
        (
            one.then.numerator / 3600 if one.then else None,
            one.now.numerator / 3600 if one.now else None,
            (one.now or one.then).series,  # type: ignore[union-attr] # one of them is there
        )
        for one in found
    ]
    assert changed == [(8, 3, "queued"), (None, 5, "on_hold")]
    assert [event.TOPIC for event in since] == ["service-order.hold-placed"]


@pytest.mark.usefixtures("order")
def test_the_last_pasts_that_were_asked_for_are_kept(
    log: EventLog, followers: list[Follower], past: Past, admin_url: str
) -> None:
    for hour in range(3, 7):
        log.record_now(ask(an_order(), a_triage(), later(hour)))
    deliver(*followers)

    for position in (1, 2, 3, 1, 4, 5):
        past.derive(recorded_at(log, position))

    assert tables(admin_url) == [f"order_traits_1_at_{position}" for position in (1, 4, 5)]
