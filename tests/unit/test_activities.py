"""What was done, approved or not."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError, ReasonRequiredError
from os_events.aggregates.service_order.activities import (
    ActivityPerformed,
    Consumable,
    RecordActivity,
    RecordUnapprovedWork,
)
from os_events.aggregates.service_order.authority import (
    ThirdPartyNotQuotedError,
    WorkWithoutAuthorisationError,
)
from os_events.aggregates.service_order.checks import (
    DuplicateIdError,
    LineOutsideScopeError,
    OrderEndedError,
    UnknownLineError,
)
from os_events.aggregates.service_order.codes import (
    AuthorisationKind,
    Disposition,
    LineKind,
    LineOutcome,
    WaiverBasis,
)
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.promises import PromiseCompletion
from os_events.aggregates.service_order.values import Authorisation, RemovedPart
from os_events.aggregates.service_order.waivers import WaiveQuote
from os_events.aggregates.service_order.work import WorkNotStartedError
from tests.support import (
    BECAUSE,
    STRANGER,
    TECHNICIAN,
    a_completion,
    a_quote,
    a_start,
    an_activity,
    an_item,
    an_order,
    approved,
    ask,
    cancelled,
    facts,
    imported,
    later,
    news,
    past,
)

ACTIVITY = UUID(int=71)
UNDER_QUOTE = Authorisation(kind=AuthorisationKind.QUOTE, quote_version=1)
NOTHING = Authorisation(kind=AuthorisationKind.NONE)
WELDED = an_item(
    quote_line_id="weld",
    kind=LineKind.THIRD_PARTY,
    description="Solda da placa",
    third_party_name="Solda Fina",
)


def at_work(*items: Any) -> ServiceOrder:
    """Bring an order to where somebody is at it since an hour after noon."""
    order = approved(an_order(), a_quote(*items))
    return ask(order, a_start("screen"), later(1))


def unapproved(**fields: Any) -> RecordUnapprovedWork:
    return RecordUnapprovedWork(**{**dict(an_activity()), **fields})


def test_an_activity_is_told_with_what_it_took() -> None:
    order = past(at_work())
    screen = RemovedPart(description="Tela", disposition=Disposition.TO_RETURN)
    glue = Consumable(sku="B-7000", quantity="0.5")

    ask(
        order,
        an_activity(activity_id=ACTIVITY, removed_parts=(screen,), consumables=(glue,)),
        later(2),
    )

    told = {
        "activity_id": ACTIVITY,
        "line_id": "screen",
        "activity_code": "replaced",
        "description": "Peça trocada",
        "minutes": 40,
        "technician_id": TECHNICIAN,
        "third_party_id": None,
        "authorisation": UNDER_QUOTE.model_dump(),
        "line_outcome": LineOutcome.DONE,
        "removed_parts": (screen.model_dump(),),
        "consumables": (glue.model_dump(),),
        "note": None,
    }
    assert news(order) == [(ActivityPerformed, told)]
    assert order.line_outcomes == {"screen": LineOutcome.DONE}


def test_an_activity_without_an_outcome_leaves_the_service_open() -> None:
    order = ask(at_work(), an_activity(line_outcome=None), later(2))

    assert (order.line_outcomes, order.lines_worked) == ({}, {"screen"})


def test_nothing_is_done_without_an_authorisation() -> None:
    with pytest.raises(WorkWithoutAuthorisationError):
        ask(an_order(), an_activity())


def test_nothing_is_done_outside_the_scope() -> None:
    with pytest.raises(LineOutsideScopeError):
        ask(at_work(an_item()), an_activity("port"), later(2))


def test_nothing_is_done_for_what_was_not_asked_for() -> None:
    with pytest.raises(UnknownLineError):
        ask(at_work(), an_activity("battery"), later(2))


def test_nothing_is_done_before_the_work_is_started() -> None:
    with pytest.raises(WorkNotStartedError):
        ask(approved(an_order()), an_activity(), later(1))


def test_nothing_is_done_earlier_than_the_work_began() -> None:
    with pytest.raises(OccurredOutOfOrderError):
        ask(at_work(), an_activity(), later(minutes=30))


def test_nothing_is_done_after_the_work_was_completed() -> None:
    order = ask(ask(at_work(), an_activity(), later(2)), a_completion("screen"), later(3))

    with pytest.raises(WorkNotStartedError):
        ask(order, an_activity(), later(4))


def test_what_was_done_before_the_completion_may_be_told_after_it() -> None:
    order = ask(ask(at_work(), an_activity(), later(2)), a_completion("screen"), later(3))

    ask(order, an_activity(), later(2))

    assert order.activities == 2


def test_an_activity_is_not_called_like_another() -> None:
    order = ask(at_work(), an_activity(activity_id=ACTIVITY), later(2))

    with pytest.raises(DuplicateIdError):
        ask(order, an_activity(activity_id=ACTIVITY), later(2))


def test_a_third_party_is_in_the_quote_or_does_nothing() -> None:
    with pytest.raises(ThirdPartyNotQuotedError):
        ask(at_work(an_item()), an_activity(third_party_id=STRANGER), later(2))


def test_a_third_party_that_is_in_the_quote_does_its_part() -> None:
    order = ask(at_work(an_item(), WELDED), an_activity(third_party_id=STRANGER), later(2))

    assert order.lines_worked == {"screen"}


def test_a_waived_service_may_be_given_to_a_third_party() -> None:
    waiver = WaiveQuote(basis=WaiverBasis.SERVICE_WARRANTY, lines=("screen",))
    order = ask(ask(an_order(), waiver), PromiseCompletion(promised_at=later(48)))
    ask(order, a_start("screen"), later(1))

    ask(order, an_activity(third_party_id=STRANGER), later(2))

    assert facts(order)[-1].authorisation.kind is AuthorisationKind.WAIVER


def test_what_nobody_approved_is_recorded_as_such() -> None:
    order = past(an_order())

    ask(order, unapproved(), reason=BECAUSE)

    [performed] = facts(order)
    assert isinstance(performed, ActivityPerformed)
    assert performed.authorisation == NOTHING


def test_what_nobody_approved_is_recorded_with_a_reason() -> None:
    with pytest.raises(ReasonRequiredError):
        ask(an_order(), unapproved())


def test_what_nobody_approved_was_done_for_a_service_of_the_order() -> None:
    with pytest.raises(UnknownLineError):
        ask(an_order(), unapproved(line_id="battery"), reason=BECAUSE)


def test_an_imported_activity_may_lack_who_and_how_long() -> None:
    order = past(an_order())
    told = an_activity(activity_code=None, minutes=None, technician_id=None, **imported())

    ask(order, told, **imported())

    [performed] = facts(order)
    assert (performed.minutes, performed.authorisation) == (None, NOTHING)


WRONG: dict[str, Any] = {
    "negative minutes": {"minutes": -1},
    "more than a month": {"minutes": 31 * 24 * 60 + 1},
    "no minutes": {"minutes": None},
    "a telephone in the description": {"description": "Avisar (11) 98765-4321"},
}


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG)
def test_an_activity_that_makes_no_sense_cannot_be_told(fields: Any) -> None:
    with pytest.raises(ValidationError):
        an_activity(**fields)


@pytest.mark.parametrize("change", [an_activity(), unapproved()])
def test_nothing_is_done_once_the_order_has_ended(change: RecordActivity) -> None:
    order = cancelled(at_work())

    with pytest.raises(OrderEndedError):
        ask(order, change, later(3), reason=BECAUSE)
