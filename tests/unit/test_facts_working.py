"""On which days technicians were at it."""

from datetime import date

from os_events.aggregates.service_order.order import ServiceOrder
from os_events.projections.facts.milestones.table import MilestoneRow, rows
from tests.support import TECHNICIAN, a_completion, a_start, an_activity, an_order, approved, ask
from tests.support import later as hours_later
from tests.views import history

FIRST, SECOND, THIRD = (date(2026, 3, day) for day in (2, 3, 4))


def started(hours: float) -> ServiceOrder:
    order = ask(approved(an_order()), a_start(), hours_later(hours))
    ask(order, an_activity(), hours_later(hours))
    return ask(order, an_activity("port"), hours_later(hours))


def worked(order: ServiceOrder) -> list[MilestoneRow]:
    return [row for row in rows(history(order)) if row.milestone == "worked"]


def test_work_of_a_day_counts_while_it_lasts() -> None:
    order = ask(started(1), a_completion(), hours_later(3))

    [found] = worked(order)

    assert (found.at, found.until, found.day) == (hours_later(1), hours_later(3), FIRST)
    assert found.subject == str(TECHNICIAN)


def test_further_days_of_a_stretch_are_told_when_it_is_over() -> None:
    order = ask(started(1), a_completion(), hours_later(37))

    found = worked(order)

    assert [(one.at, one.day) for one in found] == [
        (hours_later(1), FIRST),
        (hours_later(37), SECOND),
        (hours_later(37), THIRD),
    ]
    assert {one.until for one in found} == {hours_later(37)}


def test_work_that_ends_at_midnight_has_not_touched_the_next_day() -> None:
    order = ask(started(1), a_completion(), hours_later(12))

    assert [one.day for one in worked(order)] == [FIRST]


def test_work_that_goes_on_tells_of_the_day_on_which_it_began() -> None:
    [found] = worked(started(1))

    assert (found.day, found.until) == (FIRST, None)
