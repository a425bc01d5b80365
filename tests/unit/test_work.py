"""The work: under which authorisation it begins, and when it is done."""

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError, OverrideWithoutReasonError
from os_events.aggregates.service_order.authority import WorkWithoutAuthorisationError
from os_events.aggregates.service_order.checklists import (
    ChecklistPurpose,
    ChecklistResult,
    RecordChecklist,
)
from os_events.aggregates.service_order.checks import (
    LineOutsideScopeError,
    OrderEndedError,
    SuspectDeviceError,
    UnknownLineError,
)
from os_events.aggregates.service_order.codes import (
    AuthorisationKind,
    HoldCause,
    HoldScope,
    WaiverBasis,
    WorkOutcome,
)
from os_events.aggregates.service_order.holds import HoldReleased, PlaceHold
from os_events.aggregates.service_order.memory import Work
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.promises import PromiseCompletion, PromiseMissingError
from os_events.aggregates.service_order.values import Authorisation
from os_events.aggregates.service_order.waivers import WaiveQuote
from os_events.aggregates.service_order.work import (
    CompletionIncompleteError,
    WorkCompleted,
    WorkNotStartedError,
    WorkStarted,
)
from tests.support import (
    BECAUSE,
    TECHNICIAN,
    a_completion,
    a_quote,
    a_start,
    an_activity,
    an_approval,
    an_item,
    an_order,
    approved,
    ask,
    cancelled,
    facts,
    imported,
    later,
    new_kinds,
    news,
    past,
)

AN_HOUR_LATER = later(1)
WAIVED = WaiveQuote(basis=WaiverBasis.ZERO_VALUE, lines=("screen",))
PROMISED = PromiseCompletion(promised_at=later(48))
BLOCKED = RecordChecklist(
    checklist_code="imei-register",
    purpose=ChecklistPurpose.REGISTER,
    result=ChecklistResult.FAILED,
    technician_id=TECHNICIAN,
)


def at_work(*lines: str, at: datetime = AN_HOUR_LATER) -> ServiceOrder:
    """Bring an order to where somebody is at it."""
    return ask(approved(an_order()), a_start(*lines), at)


def test_work_starts_under_the_quote_that_is_in_force() -> None:
    order = past(approved(an_order()))

    ask(order, a_start("screen"), later(1))

    started = {
        "lines": ("screen",),
        "technician_id": TECHNICIAN,
        "authorisation": {"kind": AuthorisationKind.QUOTE, "quote_version": 1},
    }
    assert news(order) == [(WorkStarted, started)]
    assert (order.work, order.work_since) == (Work.ACTIVE, later(1))


def test_work_starts_under_a_waiver() -> None:
    order = past(ask(ask(an_order(), WAIVED), PROMISED))

    ask(order, a_start("screen"))

    [started] = facts(order)
    assert started.authorisation == Authorisation(kind=AuthorisationKind.WAIVER)


def test_nobody_works_without_an_authorisation() -> None:
    order = past(ask(ask(an_order(), a_quote()), PROMISED))

    with pytest.raises(WorkWithoutAuthorisationError):
        ask(order, a_start())

    assert news(order) == []


def test_nobody_works_before_the_authorisation_even_if_it_is_typed_later() -> None:
    order = ask(an_order(), a_quote())
    ask(order, an_approval(order), later(2))

    with pytest.raises(WorkWithoutAuthorisationError):
        ask(order, a_start(), later(1))


def test_nobody_works_before_the_waiver() -> None:
    order = ask(ask(an_order(), WAIVED, later(2)), PROMISED)

    with pytest.raises(WorkWithoutAuthorisationError):
        ask(order, a_start("screen"), later(1))


def test_work_is_judged_by_the_quote_that_was_in_force_then() -> None:
    order = approved(an_order())
    ask(order, a_quote(an_item("screen")), later(3))
    ask(order, an_approval(order), later(4))

    ask(order, a_start("port"), later(2))

    assert facts(order)[-1].authorisation.quote_version == 1


def test_a_line_that_only_a_later_version_has_is_not_worked_on() -> None:
    order = approved(an_order(), a_quote(an_item("screen")))
    ask(order, a_quote(), later(1))

    with pytest.raises(LineOutsideScopeError):
        ask(order, a_start("port"), later(2))


def test_a_waiver_covers_its_own_services_only() -> None:
    order = ask(ask(an_order(), WAIVED), PROMISED)

    with pytest.raises(LineOutsideScopeError):
        ask(order, a_start("port"))


@pytest.mark.parametrize("change", [a_start("battery"), a_completion("battery")])
def test_only_services_that_were_asked_for_are_worked_on(change: Any) -> None:
    with pytest.raises(UnknownLineError):
        ask(at_work(), change, later(2))


def test_nobody_works_without_a_promised_date() -> None:
    order = ask(an_order(), WAIVED)

    with pytest.raises(PromiseMissingError):
        ask(order, a_start("screen"))


def test_a_blocked_device_is_not_worked_on() -> None:
    order = ask(approved(an_order()), BLOCKED)

    with pytest.raises(SuspectDeviceError):
        ask(order, a_start())


def test_working_on_a_blocked_device_is_a_decision_with_a_reason() -> None:
    order = past(ask(approved(an_order()), BLOCKED))

    ask(order, a_start(), declared=("C7",), reason=BECAUSE)

    assert facts(order)[0].overrides == ("C7",)


def test_a_warning_is_not_overridden_without_a_reason() -> None:
    order = ask(approved(an_order()), BLOCKED)

    with pytest.raises(OverrideWithoutReasonError):
        ask(order, a_start(), declared=("C7",))


def test_imported_work_that_nothing_authorised_says_so() -> None:
    order = past(ask(an_order(), BLOCKED))

    ask(order, a_start(technician_id=None, **imported()), **imported())

    [started] = facts(order)
    assert started.authorisation == Authorisation(kind=AuthorisationKind.NONE)


def test_only_an_import_lacks_the_technician() -> None:
    with pytest.raises(ValidationError, match="missing: technician_id"):
        a_start(technician_id=None)


def test_starting_again_undoes_a_completion() -> None:
    order = ask(ask(at_work("screen"), an_activity(), later(2)), a_completion("screen"), later(3))

    ask(order, a_start(), later(4))

    assert (order.done, order.work) == (False, Work.ACTIVE)


def test_work_is_completed_with_what_came_of_it() -> None:
    order = past(ask(at_work("screen"), an_activity(), later(2)))

    ask(order, a_completion("screen"), later(3))

    [(kind, fields)] = news(order)
    assert kind is WorkCompleted
    assert (fields["completion_no"], fields["outcome"]) == (1, WorkOutcome.REPAIRED)
    assert (order.done, order.work, order.completed_at) == (True, Work.NONE, later(3))


def test_work_that_has_not_begun_is_not_completed() -> None:
    with pytest.raises(WorkNotStartedError):
        ask(approved(an_order()), a_completion("screen"))


def test_work_is_completed_once() -> None:
    order = ask(ask(at_work("screen"), an_activity(), later(2)), a_completion("screen"), later(3))

    with pytest.raises(WorkNotStartedError):
        ask(order, a_completion("screen"), later(4))


def test_every_service_of_a_completion_has_an_activity() -> None:
    order = ask(at_work(), an_activity("screen"), later(2))

    with pytest.raises(CompletionIncompleteError):
        ask(order, a_completion("screen", "port"), later(3))


def test_work_is_not_completed_before_it_began() -> None:
    order = ask(at_work("screen", at=later(2)), an_activity(), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_completion("screen"), later(1))


def test_what_cannot_be_repaired_goes_back() -> None:
    order = ask(at_work("screen"), an_activity(), later(2))

    ask(order, a_completion("screen", outcome=WorkOutcome.NOT_REPAIRABLE), later(3))

    assert (order.done, order.to_return) == (False, True)


def test_what_was_to_go_back_stays_when_work_begins_after_all() -> None:
    order = ask(at_work("screen"), an_activity(), later(2))
    ask(order, a_completion("screen", outcome=WorkOutcome.NOT_REPAIRABLE), later(3))

    ask(order, a_start("screen"), later(4))

    assert not order.to_return


def test_a_completion_releases_the_open_holds_first() -> None:
    order = ask(at_work("screen"), an_activity(), later(2))
    held = PlaceHold(scope=HoldScope.WORK, cause=HoldCause.SHIFT_END)
    past(ask(order, held, later(3)))

    ask(order, a_completion("screen"), later(4))

    assert new_kinds(order) == [HoldReleased, WorkCompleted]
    assert (order.holds, order.work) == ({}, Work.NONE)


def test_a_completion_is_not_before_the_hold_that_it_releases() -> None:
    order = ask(at_work("screen"), an_activity(), later(2))
    ask(order, PlaceHold(scope=HoldScope.WORK, cause=HoldCause.SHIFT_END), later(4))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_completion("screen"), later(3))


def test_a_completion_that_is_refused_releases_no_hold() -> None:
    order = ask(at_work("screen"), an_activity(), later(2))
    ask(order, PlaceHold(scope=HoldScope.WORK, cause=HoldCause.SHIFT_END), later(2))
    waiting = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.PARTS, expected_until=later(5))
    past(ask(order, waiting, later(4), reason=BECAUSE))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_completion("screen"), later(3))

    assert (new_kinds(order), len(order.holds)) == ([], 2)


def test_an_imported_completion_presupposes_no_start() -> None:
    order = past(an_order())
    told = a_completion(
        "screen",
        outcome=None,
        resolution=None,
        resolution_code=None,
        cause_side=None,
        technician_id=None,
        **imported(),
    )

    ask(order, told, **imported())

    assert new_kinds(order) == [WorkCompleted]
    assert order.done


@pytest.mark.parametrize("change", [a_start(), a_completion()])
def test_an_ended_order_is_not_worked_on(change: Any) -> None:
    order = cancelled(at_work())

    with pytest.raises(OrderEndedError):
        ask(order, change, later(3))
