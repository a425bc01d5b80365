"""What came back, what was sent back, and what nobody fetches (kpis.md 4)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from os_events.aggregates.service_order.checklists import (
    ChecklistPurpose,
    ChecklistResult,
    RecordChecklist,
)
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.eventlog.log import EventLog
from os_events.followers.follower import Follower
from os_events.kpis.asking import Figures
from os_events.kpis.figures.internal_rework import INTERNAL_REWORK
from os_events.kpis.figures.part_return_rate import PART_RETURN_RATE
from os_events.kpis.figures.reopen_rate import REOPEN_RATE
from os_events.kpis.figures.return_rate import RETURN_RATE
from os_events.kpis.figures.return_rate_inferred import RETURN_RATE_INFERRED
from os_events.kpis.figures.uncollected import UNCOLLECTED
from os_events.kpis.question import Dimension
from tests.figures import asked, counted, numbers, recorded, reopened
from tests.support import (
    NOON,
    TECHNICIAN,
    a_completion,
    a_handover,
    a_phone,
    a_reception,
    a_start,
    an_act,
    an_activity,
    an_opening,
    an_order,
    approved,
    ask,
    cancelled,
    later,
    worked,
)
from tests.views import a_diagnosis, a_life, a_ready_notice, an_installation

DAY = 24
DONE = 18  # hours after which a life at the bench hands the telephone over
ASSET, OTHER = UUID(int=77), UUID(int=78)


def following(order: ServiceOrder, days: float, **fields: Any) -> ServiceOrder:
    """Open an order that names another as the one before."""
    opening = an_opening(previous_order_id=order.id, **fields)
    return opening.begin(an_act(later(DONE + days * DAY)), "OS-2026-000002")


def a_checklist(result: ChecklistResult) -> RecordChecklist:
    return RecordChecklist(
        checklist_code="final",
        purpose=ChecklistPurpose.QUALITY,
        result=result,
        technician_id=TECHNICIAN,
    )


@pytest.mark.parametrize(
    ("days", "returned"), [(0.1, 1), (90, 1), (90.001, 0)], ids=["at once", "last day", "later"]
)
def test_a_repair_at_the_bench_returns_within_ninety_days(
    days: float, returned: int, log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    life = a_life()
    recorded(log, followers, life, following(life, days))

    found = asked(figures, RETURN_RATE)

    assert counted(found) == [(returned, 1, {})]


def test_a_repair_that_is_too_young_to_have_returned_is_counted_apart(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    life = a_life()
    recorded(log, followers, life, following(life, 3))

    found = asked(figures, RETURN_RATE, later(DONE + 90 * DAY) - timedelta(seconds=1))

    assert counted(found) == [(0, 0, {"too_young": 1})]


def test_what_was_reopened_has_returned_once_and_what_was_cancelled_has_not(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    again, gone = a_life(), a_life(number=2)
    recorded(log, followers, reopened(again, 40), gone, cancelled(following(gone, 3)))

    found = asked(figures, RETURN_RATE, by=(Dimension.MODEL,))

    assert numbers(found) == [("Motorola G54", 1, 2)]


def test_returns_are_told_by_the_parts_that_were_put_in(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    recorded(log, followers, reopened(a_life(), 40), a_life(number=2))

    found = asked(figures, PART_RETURN_RATE, by=(Dimension.SERIES,))

    assert numbers(found) == [("Tela", 1, 2)]


def test_an_order_with_two_parts_of_a_kind_came_back_once(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    order = reopened(a_life(), 40)
    [request_id] = order.part_requests
    ask(order, a_reception(), later(41))
    ask(order, a_start("screen"), later(42))
    ask(order, an_installation(request_id), later(43))
    ask(order, an_activity(), later(43))
    ask(order, a_completion("screen"), later(44))
    ask(order, a_handover(), later(45))
    recorded(log, followers, order)

    found = asked(figures, PART_RETURN_RATE, by=(Dimension.SERIES,))

    assert numbers(found) == [("Tela", 1, 1)]


def test_the_same_fault_of_the_same_thing_is_inferred_to_be_a_return(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    telephone = a_phone(asset_id=ASSET)
    first, second = a_life(asset=telephone), a_life(later(20 * DAY), 2, asset=telephone)
    no_sound = a_diagnosis().model_copy(update={"fault_code": "no-sound"})
    other_fault = ask(an_order(later(25 * DAY), asset=telephone), no_sound, later(26 * DAY))
    another = a_life(number=3, asset=a_phone(asset_id=OTHER))
    linked = ask(following(another, 1, asset=a_phone(asset_id=OTHER)), a_diagnosis(), later(50))
    recorded(log, followers, first, second, other_fault, another, linked)

    inferred = asked(figures, RETURN_RATE_INFERRED)
    explicit = asked(figures, RETURN_RATE)

    assert (counted(inferred), counted(explicit)) == ([(1, 3, {})], [(1, 3, {})])


def test_rework_is_an_order_that_failed_our_own_test_once_or_more(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    failed = ask(worked(approved(an_order())), a_checklist(ChecklistResult.FAILED), later(1))
    ask(failed, a_checklist(ChecklistResult.FAILED), later(2))
    passed = ask(worked(approved(an_order())), a_checklist(ChecklistResult.PASSED), later(1))
    recorded(log, followers, failed, passed, an_order())

    assert counted(asked(figures, INTERNAL_REWORK)) == [(1, 2, {})]


def test_reopenings_are_counted_by_order_and_for_thirty_days(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    soon, late = reopened(a_life(), 40), reopened(a_life(number=2), 19 + 30 * DAY + 1)
    young = a_life(later(200 * DAY), 3)
    recorded(log, followers, soon, late, young)

    found = asked(figures, REOPEN_RATE, later(201 * DAY))

    assert counted(found) == [(1, 2, {"too_young": 1})]


def test_a_telephone_that_nobody_fetches_is_counted_by_how_long_it_has_been_ready(
    log: EventLog, followers: list[Follower], figures: Figures
) -> None:
    order = worked(approved(ask(an_order(), a_reception())))
    recorded(log, followers, ask(order, a_ready_notice(), NOON))

    found = [asked(figures, UNCOLLECTED, later(days * DAY)) for days in (30, 31, 61, 91)]

    by_part = [asked(figures, UNCOLLECTED, later(91 * DAY), by=(Dimension.SERIES,))]
    assert [counted(one) for one in found] == [[(0, 0, {"recent": 1})], *3 * [[(1, 1, {})]]]
    assert [numbers(one) for one in by_part] == [[("over_90", 1, 1)]]
