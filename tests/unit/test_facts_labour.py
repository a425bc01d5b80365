"""When somebody was at it: of an order once, and of each technician."""

from uuid import UUID

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import AssigneeKind, Duty, HoldCause, HoldScope
from os_events.aggregates.service_order.holds import PlaceHold, ReleaseHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.organising import Assignee, AssignResponsible
from os_events.projections.facts.labour import labour, labour_by_technician
from tests.support import (
    BECAUSE,
    TECHNICIAN,
    a_completion,
    a_start,
    an_activity,
    an_order,
    approved,
    ask,
    cancelling,
    facts,
    later,
)
from tests.views import history, logged

OTHER = UUID(int=21)
PAUSE = PlaceHold(scope=HoldScope.WORK, cause=HoldCause.INTERNAL)
LEAD = Assignee(kind=AssigneeKind.PERSON, id=str(OTHER))


def started() -> ServiceOrder:
    """Work on an order from hour 1."""
    return ask(approved(an_order()), a_start(), later(1))


def completed(order: ServiceOrder, hour: float) -> ServiceOrder:
    ask(ask(order, an_activity(), later(hour)), an_activity("port"), later(hour))
    return ask(order, a_completion(), later(hour))


def spans(order: ServiceOrder) -> list[tuple[object, object]]:
    return [(span.started_at, span.ended_at) for span in labour(history(order))]


def test_work_lasts_from_its_start_to_its_completion() -> None:
    assert spans(completed(started(), 4)) == [(later(1), later(4))]


def test_work_that_nobody_completed_lasts() -> None:
    assert spans(started()) == [(later(1), None)]


def test_a_hold_stops_work_until_it_is_resumed() -> None:
    order = ask(ask(started(), PAUSE, later(2)), ReleaseHold(resumes_work=True), later(3))

    assert spans(completed(order, 4)) == [(later(1), later(2)), (later(3), later(4))]


def test_work_that_a_release_does_not_resume_stands_still() -> None:
    order = ask(ask(started(), PAUSE, later(2)), ReleaseHold(), later(3))

    assert spans(order) == [(later(1), later(2))]


def test_a_release_resumes_no_work_that_had_not_begun() -> None:
    order = ask(
        ask(approved(an_order()), PAUSE, later(1)), ReleaseHold(resumes_work=True), later(2)
    )

    assert spans(order) == []


def test_the_end_of_an_order_ends_the_work() -> None:
    order = ask(started(), cancelling(), later(3), reason=BECAUSE)

    assert spans(order) == [(later(1), later(3))]


def test_two_technicians_at_once_count_once_for_the_order_and_each_for_themselves() -> None:
    order = ask(started(), a_start(technician_id=OTHER), later(2))
    completed(order, 4)

    each = [
        (one.about, one.started_at, one.ended_at) for one in labour_by_technician(history(order))
    ]

    assert spans(order) == [(later(1), later(4))]
    assert each == [
        (str(TECHNICIAN), later(1), later(4)),
        (str(OTHER), later(2), later(4)),
    ]


def test_both_technicians_whom_a_hold_stopped_go_on() -> None:
    order = ask(started(), a_start(technician_id=OTHER), later(2))
    ask(ask(order, PAUSE, later(3)), ReleaseHold(resumes_work=True), later(4))

    found = [one.about for one in labour_by_technician(history(order)) if one.ended_at is None]

    assert found == [str(TECHNICIAN), str(OTHER)]


def test_work_of_nobody_in_particular_is_that_of_who_leads_then() -> None:
    order = ask(approved(an_order()), AssignResponsible(assignee=LEAD, duty=Duty.LEAD), later(1))
    *before, start = facts(ask(order, a_start(), later(2)))
    told = logged([*before, start.model_copy(update={"technician_id": None})])

    [found] = labour_by_technician(OrderHistory.of(told))

    assert found.about == str(OTHER)
