"""Where an order stands: each line of the domain's table, and what it waits for."""

from collections.abc import Callable
from typing import Any

import pytest

from os_events.aggregates.base import Change
from os_events.aggregates.service_order.checklists import (
    ChecklistPurpose,
    ChecklistResult,
    RecordChecklist,
)
from os_events.aggregates.service_order.codes import (
    ClosingOutcome,
    HoldCause,
    HoldScope,
    PartCondition,
    PartState,
    Profile,
    Route,
    WorkOutcome,
)
from os_events.aggregates.service_order.diagnosing import StartDiagnosis
from os_events.aggregates.service_order.handover import HandoverOutcome
from os_events.aggregates.service_order.holds import PlaceHold, ReleaseHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.parts import (
    InstallPart,
    RequestPart,
    Supply,
    UpdatePartSupply,
)
from os_events.aggregates.service_order.quote_answers import DeclineQuote
from os_events.aggregates.service_order.quote_validity import ExpireQuote
from os_events.aggregates.service_order.reopening import ReopeningCause, ReopenServiceOrder
from os_events.aggregates.service_order.values import PartSpec
from os_events.aggregates.status import Category, OrderStatus, Standing, standing
from tests.support import (
    BECAUSE,
    TECHNICIAN,
    a_closing,
    a_completion,
    a_consent,
    a_handover,
    a_quote,
    a_reception,
    a_start,
    a_triage,
    an_activity,
    an_approval,
    an_order,
    approved,
    ask,
    cancelled,
    imported,
    later,
    worked,
)
from tests.views import a_delivery, a_diagnosis, a_ready_notice

Step = Callable[[ServiceOrder], ServiceOrder]


def step(change: Change[ServiceOrder], **of_the_act: Any) -> Step:
    """Let an order decide on a change, whatever warns against it."""
    given: dict[str, Any] = {"reason": BECAUSE, "declared": ("Q10", "C2")} | of_the_act
    return lambda order: ask(order, change, **given)


def quality(result: ChecklistResult) -> Step:
    check = RecordChecklist(
        checklist_code="final-test",
        purpose=ChecklistPurpose.QUALITY,
        result=result,
        technician_id=TECHNICIAN,
    )
    return step(check)


def answered(*declined_lines: str) -> Step:
    """Decline the latest quote: some services, or all."""
    return lambda order: ask(
        order,
        DeclineQuote(
            quote_version=order.latest_version,
            declined_lines=declined_lines,
            reason_code="price",
            consent=a_consent(),
        ),
    )


def supplied(state: PartState) -> Step:
    return lambda order: ask(
        order,
        UpdatePartSupply.model_validate(
            {"part_request_id": next(iter(order.part_requests)), "state": state}
        ),
    )


def put_in(order: ServiceOrder) -> ServiceOrder:
    change = InstallPart(
        line_id="screen",
        part_request_id=next(iter(order.part_requests)),
        part=SCREEN,
        quantity="1",
        **imported(),
    )
    return ask(order, change, **imported())


def closed(outcome: ClosingOutcome, **fields: Any) -> Step:
    return step(a_closing(outcome, **fields), **imported())


def approve(order: ServiceOrder) -> ServiceOrder:
    return ask(order, an_approval(order))


def expire(order: ServiceOrder) -> ServiceOrder:
    return ask(order, ExpireQuote(quote_version=1), later(24 * 20))


SCREEN = PartSpec(description="Tela", condition=PartCondition.NEW_ORIGINAL, warranty_days=90)
PART = step(
    RequestPart(line_id="screen", part=SCREEN, quantity="1", supply=Supply.SUPPLIER),
)
TRIAGED, RECEIVED, READY = step(a_triage()), step(a_reception()), step(a_ready_notice())
LOOKED_INTO = step(StartDiagnosis(technician_id=TECHNICIAN))
FOUND = step(a_diagnosis())
BEYOND_REPAIR = step(a_diagnosis().model_copy(update={"repairable": False}))
OFFERED, SENT = step(a_quote()), step(a_delivery())
SENT_AGAIN = step(a_delivery().model_copy(update={"quote_version": 2}))
HELD = step(PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.LEGAL))
PAUSED = step(PlaceHold(scope=HoldScope.WORK, cause=HoldCause.SHIFT_END))
RESUMED, RELEASED = step(ReleaseHold(resumes_work=True)), step(ReleaseHold())
STARTED, ACTED = step(a_start("screen")), step(an_activity())
DONE = step(a_completion("screen"))
NOT_REPAIRABLE = step(a_completion("screen", outcome=WorkOutcome.NOT_REPAIRABLE))
PASSED, FAILED = quality(ChecklistResult.PASSED), quality(ChecklistResult.FAILED)
HANDED = step(a_handover(outcome=HandoverOutcome.UNREPAIRED))
REOPENED = step(ReopenServiceOrder(cause=ReopeningCause.CUSTOMER_COMPLAINT))

BENCH: dict[str, tuple[list[Step], str]] = {
    "15 nothing happened": ([], "open"),
    "15 a quote that was not sent": ([OFFERED], "open"),
    "15 a part without an authorisation": ([PART], "open"),
    "14 triaged": ([TRIAGED], "queued"),
    "13 authorised": ([TRIAGED, approved], "approved"),
    "12 the work is paused": ([approved, STARTED, PAUSED], "in_progress"),
    "12 a hold is over, the work is not resumed": (
        [approved, STARTED, HELD, RELEASED],
        "in_progress",
    ),
    "10 somebody looks for the fault": ([RECEIVED, TRIAGED, LOOKED_INTO], "in_diagnosis"),
    "10 the fault is found": ([TRIAGED, FOUND], "in_diagnosis"),
    "10 a quote for it is not sent yet": ([FOUND, OFFERED], "in_diagnosis"),
    "10 looked into once more": ([RECEIVED, approved, LOOKED_INTO], "in_diagnosis"),
    "10 a quote was accepted in part": (
        [FOUND, OFFERED, SENT, answered("port")],
        "in_diagnosis",
    ),
    "13 the fault is found and the work authorised": ([FOUND, approved], "approved"),
    "9 a part is waited for": ([approved, PART], "awaiting_parts"),
    "9 a part is late": ([approved, PART, supplied(PartState.DELAYED)], "awaiting_parts"),
    "9 a part is not to be had": (
        [approved, PART, supplied(PartState.UNAVAILABLE)],
        "awaiting_parts",
    ),
    "9 before the work is paused": ([approved, PART, STARTED, PAUSED], "awaiting_parts"),
    "13 the part is here": ([approved, PART, supplied(PartState.ARRIVED)], "approved"),
    "13 the part is reserved": ([approved, PART, supplied(PartState.RESERVED)], "approved"),
    "13 the part is given up": ([approved, PART, supplied(PartState.CANCELLED)], "approved"),
    "13 the part is put in": ([approved, PART, put_in], "approved"),
    "8 a quote was received": ([FOUND, OFFERED, SENT], "awaiting_approval"),
    "8 another version is waited for": ([approved, OFFERED, SENT_AGAIN], "awaiting_approval"),
    "8 its expiry does not end the wait": ([OFFERED, SENT, expire], "awaiting_approval"),
    "7 somebody is at it": ([approved, STARTED], "in_progress"),
    "7 before parts are waited for": ([approved, PART, STARTED], "in_progress"),
    "7 the work is resumed": ([approved, STARTED, PAUSED, RESUMED], "in_progress"),
    "6 the quote was declined": ([OFFERED, SENT, answered()], "returning"),
    "6 it cannot be repaired": ([BEYOND_REPAIR], "returning"),
    "6 the work showed that it cannot": ([approved, STARTED, ACTED, NOT_REPAIRABLE], "returning"),
    "6 a new offer keeps it here": ([OFFERED, SENT, answered(), OFFERED], "open"),
    "6 a refusal leaves an approval in force": ([approved, OFFERED, answered()], "approved"),
    "5 the work is done": ([approved, STARTED, ACTED, DONE], "completed"),
    "5 a failed test undoes it": ([approved, STARTED, ACTED, DONE, FAILED], "approved"),
    "4 done, and the customer knows": ([approved, worked, READY], "ready_for_pickup"),
    "4 declined, and the customer knows": (
        [OFFERED, SENT, answered(), READY],
        "ready_for_pickup",
    ),
    "4 expired, and the customer knows": ([OFFERED, SENT, expire, READY], "ready_for_pickup"),
    "4 answered in part after all": ([OFFERED, SENT, expire, READY, answered("port")], "open"),
    "4 not ready, whatever was sent": ([TRIAGED, READY], "queued"),
    "4 not ready while an answer is waited for": ([OFFERED, SENT, READY], "awaiting_approval"),
    "4 work on it goes on": ([approved, worked, READY, STARTED], "in_progress"),
    "3 handed over": ([RECEIVED, approved, worked, HANDED], "delivered"),
    "3 and received again": ([RECEIVED, approved, worked, HANDED, RECEIVED], "completed"),
    "2 held": ([approved, STARTED, HELD], "on_hold"),
    "2 held though it was handed over": ([RECEIVED, HANDED, HELD], "on_hold"),
    "1 fulfilled": ([closed(ClosingOutcome.FULFILLED)], "closed"),
    "1 not completed": ([closed(ClosingOutcome.CANNOT_COMPLETE)], "cannot_complete"),
    "1 returned": ([closed(ClosingOutcome.RETURNED_UNREPAIRED)], "returned_unrepaired"),
    "1 cancelled": ([approved, STARTED, cancelled], "cancelled"),
    "1 cancelled though on hold": ([HELD, cancelled], "cancelled"),
    "1 reopened": ([approved, worked, closed(ClosingOutcome.FULFILLED), REOPENED], "approved"),
    "1 reopened as it was": ([cancelled, REOPENED], "open"),
}


def lived(order: ServiceOrder, steps: list[Step]) -> ServiceOrder:
    for one in steps:
        order = one(order)
    return order


@pytest.mark.parametrize(("steps", "status"), BENCH.values(), ids=BENCH)
def test_at_the_bench_the_first_line_that_holds_decides(steps: list[Step], status: str) -> None:
    order = lived(an_order(), steps)

    assert standing(order).status == status


TESTED: dict[str, tuple[list[Step], str]] = {
    "5 not tested yet": ([approved, worked], "in_testing"),
    "5 tested": ([approved, worked, PASSED], "completed"),
    "4 not ready without a test": ([approved, worked, READY], "in_testing"),
    "4 ready and tested": ([approved, worked, READY, PASSED], "ready_for_pickup"),
    "5 a test of earlier work": ([approved, PASSED, worked], "in_testing"),
}


@pytest.mark.parametrize(("steps", "status"), TESTED.values(), ids=TESTED)
def test_an_order_that_must_be_tested_is_not_completed_before(
    steps: list[Step], status: str
) -> None:
    order = lived(an_order(quality_test_required=True), steps)

    assert standing(order).status == status


VISIT: dict[str, tuple[list[Step], str]] = {
    "15 nothing happened": ([], "open"),
    "11 triaged": ([step(a_triage(Route.VISIT))], "awaiting_scheduling"),
    "11 authorised": ([step(a_triage(Route.VISIT)), approved], "awaiting_scheduling"),
    "15 authorised, not triaged": ([approved], "open"),
    "11 the search waits for the visit": (
        [step(a_triage(Route.VISIT)), LOOKED_INTO],
        "awaiting_scheduling",
    ),
    "10 the fault is found": ([step(a_triage(Route.VISIT)), FOUND], "in_diagnosis"),
    "11 paused": ([step(a_triage(Route.VISIT)), approved, STARTED, PAUSED], "awaiting_scheduling"),
    "12 paused, not triaged": ([approved, STARTED, PAUSED], "in_progress"),
    "7 at it": ([approved, STARTED], "in_progress"),
    "6 nothing goes back": ([OFFERED, SENT, answered()], "open"),
    "5 done": ([approved, worked], "completed"),
}


@pytest.mark.parametrize(("steps", "status"), VISIT.values(), ids=VISIT)
def test_on_the_way_to_a_visit_the_first_line_that_holds_decides(
    steps: list[Step], status: str
) -> None:
    order = lived(an_order(profile=Profile.FIELD), steps)

    assert standing(order).status == status


REMOTE: dict[str, tuple[list[Step], str]] = {
    "14 triaged": ([step(a_triage(Route.REMOTE))], "queued"),
    "13 authorised": ([approved], "approved"),
    "10 looked into": ([LOOKED_INTO], "in_diagnosis"),
    "6 nothing goes back": ([BEYOND_REPAIR], "in_diagnosis"),
}


@pytest.mark.parametrize(("steps", "status"), REMOTE.values(), ids=REMOTE)
def test_from_afar_the_first_line_that_holds_decides(steps: list[Step], status: str) -> None:
    order = lived(an_order(route=Route.REMOTE), steps)

    assert standing(order).status == status


WAITING: dict[str, tuple[list[Step], str | None]] = {
    "for the customer to answer": ([OFFERED, SENT], "customer"),
    "for the customer to come": ([approved, worked, READY], "customer"),
    "for parts": ([approved, PART], "parts"),
    "for the cause of the hold": ([HELD], "legal"),
    "for that of the order, not of the labour": ([HELD, PAUSED], "legal"),
    "for nothing": ([TRIAGED], None),
}


@pytest.mark.parametrize(("steps", "waits_for"), WAITING.values(), ids=WAITING)
def test_an_order_waits(steps: list[Step], waits_for: str | None) -> None:
    order = lived(an_order(), steps)

    assert standing(order).waits_for == waits_for


def test_an_order_for_a_visit_waits_for_the_provider() -> None:
    order = lived(an_order(profile=Profile.FIELD), [step(a_triage(Route.VISIT))])

    assert standing(order) == Standing(OrderStatus.AWAITING_SCHEDULING, "provider")


def test_what_waits_for_somebody_is_in_the_category_of_waiting() -> None:
    waiting = {status for status in OrderStatus if status.category is Category.WAITING}

    assert waiting == {"awaiting_scheduling", "awaiting_approval", "awaiting_parts", "on_hold"}
