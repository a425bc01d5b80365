"""Parts: asked for, on their way, put in."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError
from os_events.aggregates.service_order.authority import WorkWithoutAuthorisationError
from os_events.aggregates.service_order.checks import (
    DuplicateIdError,
    LineOutsideScopeError,
    OrderEndedError,
    UnknownLineError,
)
from os_events.aggregates.service_order.codes import (
    Disposition,
    LineKind,
    PartCondition,
    PartState,
    WaiverBasis,
)
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.parts import (
    InstallPart,
    PartConditionMismatchError,
    PartConditionNotConsentedError,
    PartInstalled,
    PartRequested,
    PartSupplyUpdated,
    RequestPart,
    Supply,
    UpdatePartSupply,
)
from os_events.aggregates.service_order.values import PartSpec, RemovedPart
from os_events.aggregates.service_order.waivers import WaiveQuote
from tests.support import (
    TECHNICIAN,
    a_quote,
    an_approval,
    an_item,
    an_order,
    ask,
    cancelled,
    facts,
    imported,
    later,
    news,
    past,
)

WANTED, OTHER, INSTALLED = (UUID(int=n) for n in (81, 82, 83))
NEW, COMPATIBLE = PartCondition.NEW_ORIGINAL, PartCondition.NEW_EQUIVALENT_SPEC
WORSE = [PartCondition.REFURBISHED, PartCondition.USED, PartCondition.OFF_SPEC]


def a_screen(condition: PartCondition = NEW) -> PartSpec:
    return PartSpec(description="Tela", condition=condition, warranty_days=90)


def a_wish(**fields: Any) -> RequestPart:
    given: dict[str, Any] = {
        "part_request_id": WANTED,
        "line_id": "screen",
        "part": a_screen(),
        "quantity": "1",
        "supply": Supply.SUPPLIER,
    }
    return RequestPart(**given | fields)


def a_part(condition: PartCondition = NEW, **fields: Any) -> InstallPart:
    given: dict[str, Any] = {
        "line_id": "screen",
        "quote_line_id": "part-screen",
        "part": a_screen(condition),
        "quantity": "1",
        "technician_id": TECHNICIAN,
    }
    return InstallPart(**given | fields)


def quoted(condition: PartCondition = NEW, *, ticked: tuple[str, ...] = ()) -> ServiceOrder:
    """Bring an order to an approved quote of a screen in a condition, and its labour."""
    screen = an_item(
        quote_line_id="part-screen",
        kind=LineKind.PART,
        description="Tela",
        part=a_screen(condition),
    )
    order = ask(an_order(), a_quote(screen, an_item(), an_item("port")))
    return past(ask(order, an_approval(order, part_conditions_consented=ticked)))


def test_a_part_is_asked_for() -> None:
    order = past(an_order())

    ask(order, a_wish())

    asked = {
        "part_request_id": WANTED,
        "line_id": "screen",
        "quote_line_id": None,
        "part": a_screen().model_dump(),
        "quantity": "1",
        "supply": Supply.SUPPLIER,
        "expected_on": None,
    }
    assert news(order) == [(PartRequested, asked)]
    assert [request.line_id for request in order.parts_awaited] == ["screen"]


def test_a_part_is_asked_for_once_by_one_name() -> None:
    with pytest.raises(DuplicateIdError):
        ask(ask(an_order(), a_wish()), a_wish())


UNKNOWN: dict[str, Any] = {
    "a part for another service": a_wish(line_id="battery"),
    "a part of another quote": a_wish(quote_line_id="part-battery"),
    "news of another request": UpdatePartSupply(part_request_id=OTHER, state=PartState.ARRIVED),
    "a part that nobody asked for": a_part(part_request_id=OTHER),
    "a part in another service": a_part(line_id="battery"),
}


@pytest.mark.parametrize("change", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_named_is_in_the_order(change: Any) -> None:
    with pytest.raises(UnknownLineError):
        ask(ask(quoted(), a_wish()), change)


STATES = {
    PartState.RESERVED: False,
    PartState.ARRIVED: False,
    PartState.DELAYED: True,
    PartState.UNAVAILABLE: True,
    PartState.CANCELLED: False,
}


@pytest.mark.parametrize(("state", "awaited"), STATES.items())
def test_a_part_is_waited_for_until_it_is_here_or_given_up(
    state: PartState,
    awaited: bool,  # noqa: FBT001 - a column
) -> None:
    order = past(ask(an_order(), a_wish()))

    ask(order, UpdatePartSupply.model_validate({"part_request_id": WANTED, "state": state}))

    [(kind, fields)] = news(order)
    assert (kind, fields["state"]) == (PartSupplyUpdated, state)
    assert bool(order.parts_awaited) is awaited


def test_the_last_news_of_a_part_count() -> None:
    order = ask(an_order(), a_wish())
    ask(order, UpdatePartSupply(part_request_id=WANTED, state=PartState.ARRIVED))

    ask(order, UpdatePartSupply(part_request_id=WANTED, state=PartState.DELAYED))

    assert order.parts_awaited


def test_nobody_says_of_a_part_that_it_was_asked_for_but_who_asks() -> None:
    with pytest.raises(ValidationError):
        UpdatePartSupply.model_validate({"part_request_id": WANTED, "state": "requested"})


def test_there_are_no_news_of_a_part_before_it_is_asked_for() -> None:
    order = ask(an_order(), a_wish(), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, UpdatePartSupply(part_request_id=WANTED, state=PartState.ARRIVED), later(1))


def test_a_part_is_put_in_as_quoted() -> None:
    order = past(ask(quoted(), a_wish()))
    old = RemovedPart(description="Tela trincada", disposition=Disposition.TO_RETURN)

    ask(
        order,
        a_part(installation_id=INSTALLED, part_request_id=WANTED, serial="SN-1", removed=old),
        later(1),
    )

    put_in = {
        "installation_id": INSTALLED,
        "line_id": "screen",
        "quote_line_id": "part-screen",
        "part_request_id": WANTED,
        "part": a_screen().model_dump(),
        "quantity": "1",
        "serial": "SN-1",
        "removed": old.model_dump(),
        "technician_id": TECHNICIAN,
    }
    assert news(order) == [(PartInstalled, put_in)]
    assert order.parts_awaited == []


def test_a_part_is_put_in_once_by_one_name() -> None:
    order = ask(quoted(), a_part(installation_id=INSTALLED))

    with pytest.raises(DuplicateIdError):
        ask(order, a_part(installation_id=INSTALLED))


def test_no_part_is_put_in_without_an_authorisation() -> None:
    with pytest.raises(WorkWithoutAuthorisationError):
        ask(an_order(), a_part())


def test_no_part_is_put_in_before_the_authorisation() -> None:
    order = ask(an_order(), a_quote())
    ask(order, an_approval(order), later(2))

    with pytest.raises(WorkWithoutAuthorisationError):
        ask(order, a_part(), later(1))


OUTSIDE: dict[str, Any] = {
    "the part of another service": a_part(line_id="port"),
    "no line of the quote": a_part(quote_line_id=None),
    "an unknown line": a_part(quote_line_id="part-port"),
    "a line of labour": a_part(quote_line_id="labour-screen"),
}


@pytest.mark.parametrize("change", OUTSIDE.values(), ids=OUTSIDE)
def test_a_part_that_was_not_quoted_is_not_put_in(change: InstallPart) -> None:
    with pytest.raises(LineOutsideScopeError):
        ask(quoted(), change)


def test_no_part_is_put_in_for_a_service_that_was_not_approved() -> None:
    order = ask(an_order(), a_quote(an_item("screen")))
    ask(order, an_approval(order))

    with pytest.raises(LineOutsideScopeError):
        ask(order, a_part(line_id="port"))


@pytest.mark.parametrize("condition", [COMPATIBLE, *WORSE])
def test_a_part_is_in_the_condition_that_was_quoted(condition: PartCondition) -> None:
    with pytest.raises(PartConditionMismatchError):
        ask(quoted(NEW, ticked=("part-screen",)), a_part(condition))


@pytest.mark.parametrize("condition", WORSE)
def test_a_part_that_is_not_new_needs_a_tick_of_its_own(condition: PartCondition) -> None:
    with pytest.raises(PartConditionNotConsentedError):
        ask(quoted(condition, ticked=("labour-screen",)), a_part(condition))


@pytest.mark.parametrize("condition", WORSE)
def test_a_part_that_is_not_new_is_put_in_where_it_was_ticked(condition: PartCondition) -> None:
    order = ask(quoted(condition, ticked=("part-screen",)), a_part(condition))

    assert len(order.installations) == 1


@pytest.mark.parametrize("condition", [NEW, COMPATIBLE])
def test_a_new_part_needs_no_tick(condition: PartCondition) -> None:
    order = ask(quoted(condition), a_part(condition))

    assert len(order.installations) == 1


def test_under_a_waiver_parts_are_new() -> None:
    order = ask(an_order(), WaiveQuote(basis=WaiverBasis.ZERO_VALUE, lines=("screen",)))

    with pytest.raises(PartConditionNotConsentedError):
        ask(order, a_part(PartCondition.USED, quote_line_id=None))


@pytest.mark.parametrize("condition", [NEW, COMPATIBLE])
def test_under_a_waiver_a_new_part_is_put_in(condition: PartCondition) -> None:
    order = ask(an_order(), WaiveQuote(basis=WaiverBasis.ZERO_VALUE, lines=("screen",)))

    ask(order, a_part(condition, quote_line_id=None))

    assert len(order.installations) == 1


def test_an_imported_part_was_put_in_elsewhere() -> None:
    order = past(an_order())

    ask(order, a_part(PartCondition.USED, technician_id=None, **imported()), **imported())

    assert facts(order)[0].part.condition is PartCondition.USED


ENDED: dict[str, Any] = {
    "asking": a_wish(part_request_id=OTHER),
    "telling": UpdatePartSupply(part_request_id=WANTED, state=PartState.ARRIVED),
    "putting in": a_part(),
}


@pytest.mark.parametrize("change", ENDED.values(), ids=ENDED)
def test_an_ended_order_needs_no_parts(change: Any) -> None:
    order = cancelled(ask(quoted(), a_wish()))

    with pytest.raises(OrderEndedError):
        ask(order, change)


def test_a_part_is_not_put_in_before_it_was_asked_for() -> None:
    order = ask(quoted(), a_wish(), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_part(part_request_id=WANTED), later(1))
