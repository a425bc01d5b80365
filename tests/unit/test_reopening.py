from typing import Any

import pytest

from os_events.aggregates.rules import OccurredOutOfOrderError, ReasonRequiredError
from os_events.aggregates.service_order.checks import UnknownLineError
from os_events.aggregates.service_order.closing import (
    ClosingIncompleteError,
)
from os_events.aggregates.service_order.codes import (
    LineOutcome,
    WorkOutcome,
)
from os_events.aggregates.service_order.handover import HandoverOutcome
from os_events.aggregates.service_order.reopening import (
    OrderNotEndedError,
    Reopened,
    ReopeningCause,
    ReopenServiceOrder,
)
from os_events.aggregates.service_order.work import CompletionIncompleteError
from os_events.aggregates.stages import LineStage, stages
from tests.support import (
    BECAUSE,
    a_closing,
    a_completion,
    a_handover,
    a_reception,
    a_settled_order,
    a_start,
    an_activity,
    an_order,
    approved,
    ask,
    cancelled,
    cancelling,
    imported,
    later,
    new_kinds,
    news,
    past,
    worked,
)


def a_reopening(*lines: str) -> ReopenServiceOrder:
    return ReopenServiceOrder(cause=ReopeningCause.CUSTOMER_COMPLAINT, lines=lines)


def test_what_was_closed_is_reopened_and_its_services_are_to_be_done_again() -> None:
    order = past(ask(a_settled_order(), a_closing()))

    ask(order, a_reopening("screen"), reason=BECAUSE)

    [(kind, fields)] = news(order)
    assert kind is Reopened
    assert (fields["reopening_no"], fields["lines"]) == (1, ("screen",))
    assert (order.ended, order.done, order.completed_at) == (None, False, None)
    assert order.line_outcomes == {"port": LineOutcome.DONE}


def test_what_was_to_go_back_unrepaired_is_tried_again() -> None:
    order = approved(ask(an_order(), a_reception()))
    ask(order, a_start())
    ask(order, an_activity("screen"))
    ask(order, a_completion("screen", outcome=WorkOutcome.NOT_REPAIRABLE))
    past(ask(order, a_handover(outcome=HandoverOutcome.UNREPAIRED)))

    ask(order, a_reopening("screen"), reason=BECAUSE)

    assert (order.to_return, order.handed, order.handed_unrepaired) == (False, False, False)


def test_a_service_that_is_to_be_done_again_needs_another_activity() -> None:
    order = ask(a_settled_order(), a_closing())
    ask(order, a_reopening("screen"), reason=BECAUSE)
    past(ask(order, a_start("screen")))

    with pytest.raises(CompletionIncompleteError):
        ask(order, a_completion("screen"))


def test_what_was_settled_before_a_reopening_stays_settled() -> None:
    order = past(ask(a_settled_order(), a_closing()))

    ask(order, a_reopening("screen"), reason=BECAUSE)

    assert order.settlement
    assert (order.completion_no, order.closing_no) == (1, 1)


def test_a_reopened_order_is_worked_on_and_closed_once_more() -> None:
    order = ask(a_settled_order(), a_closing())
    ask(order, a_reopening("screen"), reason=BECAUSE)
    past(worked(order, "screen"))

    ask(order, a_closing())

    assert news(order)[0][1]["closing_no"] == 2
    assert order.completion_no == 2


def test_a_reopened_order_is_not_closed_by_its_old_completion() -> None:
    order = ask(a_settled_order(), a_closing())
    ask(order, a_reopening(), reason=BECAUSE)

    with pytest.raises(ClosingIncompleteError, match="completion of the work"):
        ask(order, a_closing())


@pytest.mark.parametrize("ending", [worked, cancelled], ids=["done", "cancelled"])
def test_what_is_done_or_given_up_is_reopened(ending: Any) -> None:
    order = past(ending(approved(an_order())))

    ask(order, a_reopening(), reason=BECAUSE)

    assert new_kinds(order) == [Reopened]


def test_what_is_under_way_is_not_reopened() -> None:
    order = approved(an_order())

    with pytest.raises(OrderNotEndedError):
        ask(order, a_reopening(), reason=BECAUSE)


def test_an_imported_reopening_is_of_what_had_ended() -> None:
    order = an_order()

    with pytest.raises(OrderNotEndedError):
        ask(order, a_reopening(), **imported())


def test_a_reopening_has_a_reason() -> None:
    order = cancelled(an_order())

    with pytest.raises(ReasonRequiredError):
        ask(order, a_reopening())


def test_a_reopening_names_services_of_the_order() -> None:
    order = cancelled(an_order())

    with pytest.raises(UnknownLineError):
        ask(order, a_reopening("roof"), reason=BECAUSE)


@pytest.mark.parametrize("ending", [a_closing(), cancelling()])
def test_an_order_is_not_reopened_before_it_ended(ending: Any) -> None:
    order = ask(a_settled_order(), ending, later(2), reason=BECAUSE)

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_reopening(), later(1), reason=BECAUSE)


def test_an_order_is_not_reopened_before_its_work_was_completed() -> None:
    order = worked(approved(an_order()), at=later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_reopening(), later(1), reason=BECAUSE)


def test_each_reopening_has_its_own_number() -> None:
    order = ask(cancelled(an_order()), a_reopening(), reason=BECAUSE)

    ask(past(cancelled(order)), a_reopening(), reason=BECAUSE)

    assert news(order)[0][1]["reopening_no"] == 2


def test_a_service_that_is_to_be_done_again_is_not_begun_with_the_others() -> None:
    order = ask(worked(approved(an_order())), a_reopening("screen"), reason=BECAUSE)

    ask(order, a_start("port"))

    assert stages(order) == {"screen": LineStage.APPROVED, "port": LineStage.DONE}


def test_an_order_is_not_reopened_before_its_device_was_handed_over() -> None:
    order = ask(ask(an_order(), a_reception()), a_handover(), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_reopening(), later(1), reason=BECAUSE)


@pytest.mark.parametrize("ending", [a_closing(), cancelling()])
def test_a_reopened_order_does_not_end_before_it_was_reopened(ending: Any) -> None:
    order = ask(cancelled(an_order()), a_reopening(), later(2), reason=BECAUSE)

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, ending, later(1), **imported())


def test_work_is_not_completed_before_the_order_was_reopened_for_it() -> None:
    order = ask(cancelled(an_order()), a_reopening(), later(2), reason=BECAUSE)

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_completion(), later(1), **imported())
