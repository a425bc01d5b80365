"""What was known at an instant is derived afresh from the log, beside what is known now."""

from dataclasses import replace
from datetime import datetime
from threading import enumerate as threads

import psycopg
import pytest

from os_events.aggregates.service_order.codes import HoldCause, HoldScope
from os_events.aggregates.service_order.holds import PlaceHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.errors import UnavailableError
from os_events.eventlog.database import Pool
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.followers.rebuild import Source
from os_events.kpis.asking import Figures
from os_events.kpis.differences import differences
from os_events.kpis.figures.time_in_state import TIME_IN_STATE
from os_events.kpis.past import Past, PastBeingDerivedError, position_at
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


def test_why_two_answers_differ_is_told_by_case(
    log: EventLog, followers: list[Follower], figures: Figures, past: Past, order: ServiceOrder
) -> None:
    known = past.derive(recorded_at(log, order.version))
    log.record_now(ask(order, PLACED, later(5), reason=BECAUSE))
    deliver(*followers)
    known = past.derive(recorded_at(log, known.position))

    found = differences(figures, TIME_IN_STATE, replace(QUESTION, suffix=known.suffix), QUESTION, 9)

    changed = [
        (
            one.then.numerator / 3600 if one.then else None,
            one.now.numerator / 3600 if one.now else None,
            (one.now or one.then).series,  # type: ignore[union-attr] # one of them is there
        )
        for one in found
    ]
    assert changed == [(8, 3, "queued"), (None, 5, "on_hold")]


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


@pytest.fixture
def four_instants(log: EventLog, followers: list[Follower], order: ServiceOrder) -> list[datetime]:
    """When something was recorded that is not what is known now."""
    for hour in range(3, 6):
        log.record_now(ask(an_order(), a_triage(), later(hour)))
    deliver(*followers)
    return [recorded_at(log, position) for position in range(order.version, order.version + 4)]


def stumble(done: int, total: int) -> None:
    """Lose the database in the middle of it."""
    if done == total:
        raise UnavailableError


def test_what_was_derived_by_halves_is_derived_anew_and_forgotten_first(
    figures: Figures, past: Past, four_instants: list[datetime], admin_url: str
) -> None:
    half, *others = four_instants
    with pytest.raises(UnavailableError):
        past.derive(half, stumble)
    with pytest.raises(UnavailableError):
        past.derive(others[0], stumble)

    known = past.derive(half)
    for instant in others[1:]:
        past.derive(instant)

    assert hours(figures, replace(QUESTION, suffix=known.suffix)) == {"open": 2, "queued": 8}
    assert tables(admin_url) == [f"order_traits_1_at_{position}" for position in (2, 4, 5)]


def test_what_another_version_of_the_program_derived_is_derived_anew(
    figures: Figures, past: Past, four_instants: list[datetime], pool: Pool
) -> None:
    known = past.derive(four_instants[0])
    ours = f"read.order_traits_1{known.suffix}"
    with pool.connection() as connection:
        connection.execute(f"ALTER TABLE {ours} RENAME TO order_traits_0")

    known = past.derive(four_instants[0])

    assert hours(figures, replace(QUESTION, suffix=known.suffix)) == {"open": 2, "queued": 8}


def test_pasts_are_derived_one_at_a_time(
    log: EventLog, pool: Pool, four_instants: list[datetime], admin_url: str
) -> None:
    hasty = Past(Source(log, pool), wait_seconds=0)
    with psycopg.connect(admin_url) as somebody:
        somebody.execute("SELECT pg_advisory_lock(hashtext('read.past'))")

        with pytest.raises(PastBeingDerivedError):
            hasty.reached(four_instants[0])
        with pytest.raises(PastBeingDerivedError):
            hasty.reached(four_instants[1])
        [work] = [thread for thread in threads() if thread.name.startswith("past-")]

    work.join(30)
    assert not work.is_alive()


def test_a_past_that_was_forgotten_meanwhile_is_derived_again(
    figures: Figures, four_instants: list[datetime], past: Past
) -> None:
    past.reached(four_instants[0])
    for instant in four_instants[1:]:
        past.derive(instant)

    known = past.reached(four_instants[0])

    assert hours(figures, replace(QUESTION, suffix=known.suffix)) == {"open": 2, "queued": 8}
