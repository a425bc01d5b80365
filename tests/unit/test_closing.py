from functools import reduce
from typing import Any

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError, ReasonRequiredError
from os_events.aggregates.service_order.checklists import (
    ChecklistPurpose,
    ChecklistResult,
    RecordChecklist,
)
from os_events.aggregates.service_order.checks import OrderEndedError
from os_events.aggregates.service_order.closing import (
    Cancelled,
    Closed,
    ClosingIncompleteError,
)
from os_events.aggregates.service_order.codes import (
    ClosingOutcome,
    HoldCause,
    HoldScope,
    LineOutcome,
    WorkOutcome,
)
from os_events.aggregates.service_order.handover import HandoverOutcome
from os_events.aggregates.service_order.holds import HoldReleased, PlaceHold
from os_events.aggregates.service_order.order import CANCELLED, ServiceOrder
from os_events.aggregates.service_order.quote_answers import DeclineQuote
from tests.support import (
    BECAUSE,
    TECHNICIAN,
    a_closing,
    a_completion,
    a_consent,
    a_cost,
    a_handover,
    a_payment,
    a_quote,
    a_reception,
    a_settled_order,
    a_settlement,
    a_start,
    an_activity,
    an_approval,
    an_item,
    an_order,
    approved,
    ask,
    cancelled,
    cancelling,
    facts,
    imported,
    later,
    new_kinds,
    news,
    past,
    worked,
)

FULFILLED, CANNOT_COMPLETE, RETURNED = ClosingOutcome


def a_quality_test(result: ChecklistResult) -> RecordChecklist:
    return RecordChecklist(
        checklist_code="screen-test",
        purpose=ChecklistPurpose.QUALITY,
        result=result,
        technician_id=TECHNICIAN,
    )


def a_declined_order(order: ServiceOrder) -> ServiceOrder:
    """Given: the customer said no to all of it."""
    ask(order, a_quote())
    refusal = DeclineQuote(quote_version=1, reason_code="too-dear", consent=a_consent())
    return past(ask(order, refusal))


def test_an_order_is_closed_with_its_summary() -> None:
    order = past(a_settled_order())

    ask(order, a_closing())

    [(kind, fields)] = news(order)
    assert kind is Closed
    assert (fields["closing_no"], fields["outcome"]) == (1, FULFILLED)
    assert fields["summary"] == {
        "lines_done": 2,
        "lines_not_done": 0,
        "activities": 2,
        "parts": 0,
        "total": 40000,
    }
    assert order.ended is FULFILLED


def test_a_service_may_turn_out_impossible() -> None:
    order = approved(an_order())
    ask(order, a_start())
    ask(order, an_activity("screen"))
    ask(order, an_activity("port", line_outcome=LineOutcome.NOT_DONE))
    ask(order, a_completion())
    past(ask(order, a_settlement(a_cost())))

    ask(order, a_closing())

    assert news(order)[0][1]["summary"]["lines_not_done"] == 1


def test_a_service_whose_end_is_not_told_keeps_the_order_open() -> None:
    order = approved(an_order())
    ask(order, a_start())
    ask(order, an_activity("screen"))
    ask(order, an_activity("port", line_outcome=None))
    ask(order, a_completion())
    ask(order, a_settlement())

    with pytest.raises(ClosingIncompleteError, match="service port"):
        ask(order, a_closing())


def test_a_service_that_nobody_quoted_keeps_the_order_open() -> None:
    order = worked(approved(an_order(), a_quote(an_item())), "screen")
    ask(order, a_settlement(a_cost()))

    with pytest.raises(ClosingIncompleteError, match="service port"):
        ask(order, a_closing())


def test_a_service_that_was_left_out_of_what_was_approved_does_not_keep_it_open() -> None:
    order = ask(an_order(), a_quote())
    some = DeclineQuote(
        quote_version=1,
        declined_lines=("port",),
        reason_code="too-dear",
        consent=a_consent(),
    )
    ask(order, some)
    approved(order, a_quote(an_item()))
    past(ask(worked(order, "screen"), a_settlement(a_cost())))

    ask(order, a_closing())

    assert order.ended is FULFILLED


def test_work_that_is_not_completed_keeps_the_order_open() -> None:
    order = approved(an_order())
    ask(order, a_start())
    ask(order, an_activity("screen"))
    ask(order, an_activity("port"))
    ask(order, a_settlement())

    with pytest.raises(ClosingIncompleteError, match="completion of the work"):
        ask(order, a_closing())


def test_what_could_not_be_repaired_is_not_fulfilled() -> None:
    order = approved(an_order())
    ask(order, a_start())
    ask(order, an_activity("screen"))
    ask(order, an_activity("port"))
    ask(order, a_completion(outcome=WorkOutcome.NOT_REPAIRABLE))
    ask(order, a_settlement(a_cost(price=0)))

    with pytest.raises(ClosingIncompleteError, match="completion of the work"):
        ask(order, a_closing())


def test_costs_that_are_not_settled_keep_the_order_open() -> None:
    order = worked(approved(an_order()))

    with pytest.raises(ClosingIncompleteError, match="settlement"):
        ask(order, a_closing())


def test_a_settlement_of_an_earlier_approval_keeps_the_order_open() -> None:
    order = a_settled_order()
    ask(order, a_quote())
    ask(order, an_approval(order))

    with pytest.raises(ClosingIncompleteError, match="settlement"):
        ask(order, a_closing())


@pytest.mark.parametrize("result", [ChecklistResult.INCONCLUSIVE, ChecklistResult.FAILED])
def test_a_test_that_is_required_and_not_passed_keeps_the_order_open(
    result: ChecklistResult,
) -> None:
    order = a_settled_order(quality_test_required=True)
    ask(order, a_quality_test(result))

    with pytest.raises(ClosingIncompleteError, match="quality test"):
        ask(order, a_closing())


def test_a_test_that_is_passed_lets_the_order_end() -> None:
    order = a_settled_order(quality_test_required=True)
    past(ask(order, a_quality_test(ChecklistResult.PASSED)))

    ask(order, a_closing())

    assert order.ended is FULFILLED


@pytest.mark.parametrize("outcome", list(ClosingOutcome))
def test_a_device_that_is_with_us_keeps_the_order_open(outcome: ClosingOutcome) -> None:
    order = ask(an_order(), a_reception())

    with pytest.raises(ClosingIncompleteError, match="handover of the device"):
        ask(order, a_closing(outcome), reason=BECAUSE)


def test_an_open_hold_is_released_first() -> None:
    order = a_settled_order()
    hold = PlaceHold(scope=HoldScope.WORK, cause=HoldCause.SHIFT_END)
    past(ask(order, hold))

    ask(order, a_closing())

    assert new_kinds(order) == [HoldReleased, Closed]
    assert order.holds == {}


def test_an_order_does_not_end_before_its_work() -> None:
    order = ask(worked(approved(an_order()), at=later(2)), a_settlement())

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_closing(), later(1))


def test_an_order_does_not_end_before_its_costs_are_settled() -> None:
    order = worked(approved(an_order()), at=later(2))
    ask(order, a_settlement(), later(4))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_closing(), later(3))


@pytest.mark.parametrize("outcome", [CANNOT_COMPLETE, RETURNED])
def test_what_is_not_fulfilled_has_a_reason(outcome: ClosingOutcome) -> None:
    order = an_order()

    with pytest.raises(ReasonRequiredError):
        ask(order, a_closing(outcome, cause_code="no-parts"))


def test_what_cannot_be_completed_has_a_cause() -> None:
    order = an_order()

    with pytest.raises(ClosingIncompleteError, match="cause"):
        ask(order, a_closing(CANNOT_COMPLETE), reason=BECAUSE)


def test_what_was_never_authorised_ends_without_costs_or_outcomes() -> None:
    order = past(an_order())

    ask(order, a_closing(CANNOT_COMPLETE, cause_code="no-parts"), reason=BECAUSE)

    assert order.ended is CANNOT_COMPLETE


def test_a_declined_device_goes_back_unrepaired_and_the_order_ends() -> None:
    order = a_declined_order(ask(an_order(), a_reception()))
    past(ask(order, a_handover(outcome=HandoverOutcome.UNREPAIRED)))

    ask(order, a_closing(RETURNED, cause_code="declined"), reason=BECAUSE)

    assert order.ended is RETURNED


@pytest.mark.parametrize("life", [(), (a_reception(), a_handover())], ids=["no device", "repaired"])
def test_what_is_returned_unrepaired_was_handed_over_so(life: Any) -> None:
    order = reduce(ask, life, an_order())

    with pytest.raises(ClosingIncompleteError, match="as unrepaired"):
        ask(order, a_closing(RETURNED, cause_code="declined"), reason=BECAUSE)


def test_a_cause_is_not_for_what_was_fulfilled() -> None:
    with pytest.raises(ValidationError):
        a_closing(FULFILLED, cause_code="no-parts")


def test_an_imported_closing_was_decided_elsewhere() -> None:
    order = past(an_order())

    ask(order, a_closing(), **imported())

    assert order.ended is FULFILLED


@pytest.mark.parametrize("again", [a_closing(), a_closing(CANNOT_COMPLETE)], ids=str)
def test_what_has_ended_does_not_end_again(again: Any) -> None:
    order = ask(a_settled_order(), a_closing())

    with pytest.raises(OrderEndedError):
        ask(order, again, **imported())


def test_an_order_is_cancelled_with_a_reason() -> None:
    order = past(an_order())

    cancelled(order)

    assert new_kinds(order) == [Cancelled]
    assert order.ended == CANCELLED
    assert facts(order)[0].reason == BECAUSE


def test_an_order_is_not_cancelled_without_a_reason() -> None:
    with pytest.raises(ReasonRequiredError):
        ask(an_order(), cancelling())


def test_a_cancelled_order_is_not_cancelled_again() -> None:
    order = cancelled(an_order())

    with pytest.raises(OrderEndedError):
        cancelled(order)


def test_an_order_is_not_closed_before_its_device_was_handed_over() -> None:
    order = ask(a_settled_order(), a_reception(), later(1))
    ask(order, a_payment())
    ask(order, a_handover(), later(3))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_closing(), later(2))
