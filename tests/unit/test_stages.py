"""Where each service of an order is."""

from collections.abc import Callable
from typing import Any

import pytest

from os_events.aggregates.service_order.codes import (
    HoldCause,
    HoldScope,
    LineOutcome,
    PartCondition,
    PartState,
)
from os_events.aggregates.service_order.holds import PlaceHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.parts import RequestPart, Supply, UpdatePartSupply
from os_events.aggregates.service_order.quote_answers import DeclineQuote
from os_events.aggregates.service_order.reopening import ReopeningCause, ReopenServiceOrder
from os_events.aggregates.service_order.values import PartSpec
from os_events.aggregates.stages import stage_of, stages
from tests.support import (
    BECAUSE,
    a_completion,
    a_consent,
    a_quote,
    a_start,
    an_activity,
    an_approval,
    an_item,
    an_order,
    approved,
    ask,
    later,
)

PAUSED = PlaceHold(scope=HoldScope.WORK, cause=HoldCause.PARTS)
SCREEN = PartSpec(description="Tela", condition=PartCondition.NEW_ORIGINAL, warranty_days=90)
PART = RequestPart(line_id="screen", part=SCREEN, quantity="1", supply=Supply.STOCK)


def refused(order: ServiceOrder, *lines: str) -> ServiceOrder:
    change = DeclineQuote(
        quote_version=order.latest_version,
        declined_lines=lines,
        reason_code="price",
        consent=a_consent(),
    )
    return ask(order, change)


def reapproved(order: ServiceOrder, *items: Any) -> ServiceOrder:
    """Approve another version, of these prices only."""
    ask(order, a_quote(*items), later(1))
    return ask(order, an_approval(order), later(1))


def begun() -> ServiceOrder:
    return ask(approved(an_order()), a_start("screen"), later(1))


def done(outcome: LineOutcome) -> ServiceOrder:
    order = ask(begun(), an_activity(line_outcome=outcome), later(2))
    return ask(order, a_completion("screen"), later(3))


def reopened() -> ServiceOrder:
    cause = ReopeningCause.CUSTOMER_COMPLAINT
    change = ReopenServiceOrder(cause=cause, lines=("screen",))
    return ask(done(LineOutcome.DONE), change, later(4), reason=BECAUSE)


def arrived() -> ServiceOrder:
    order = ask(begun(), PART, later(1))
    [request_id] = order.part_requests
    news = UpdatePartSupply(part_request_id=request_id, state=PartState.ARRIVED)
    return ask(ask(order, news, later(2)), PAUSED, later(3))


STAGES: dict[str, tuple[Callable[[], ServiceOrder], str]] = {
    "asked for": (an_order, "requested"),
    "quoted": (lambda: ask(an_order(), a_quote()), "quoted"),
    "another service is quoted": (lambda: ask(an_order(), a_quote(an_item("port"))), "requested"),
    "declined": (lambda: refused(ask(an_order(), a_quote()), "screen"), "declined"),
    "declined with all": (lambda: refused(ask(an_order(), a_quote())), "declined"),
    "another is declined": (lambda: refused(ask(an_order(), a_quote()), "port"), "quoted"),
    "declined, and offered again": (
        lambda: ask(refused(ask(an_order(), a_quote())), a_quote(), later(1)),
        "quoted",
    ),
    "left out of what was approved": (
        lambda: reapproved(approved(an_order()), an_item("port")),
        "declined",
    ),
    "approved": (lambda: approved(an_order()), "approved"),
    "approved, and a part awaited": (lambda: ask(approved(an_order()), PART), "waiting_parts"),
    "a part awaited without approval": (lambda: ask(an_order(), PART), "requested"),
    "begun": (begun, "in_progress"),
    "begun, and a part awaited": (lambda: ask(begun(), PART, later(2)), "in_progress"),
    "paused": (lambda: ask(begun(), PAUSED, later(2)), "in_progress"),
    "paused for a part": (
        lambda: ask(ask(begun(), PART, later(2)), PAUSED, later(2)),
        "waiting_parts",
    ),
    "paused, and the part is here": (arrived, "in_progress"),
    "done": (lambda: done(LineOutcome.DONE), "done"),
    "not done": (lambda: done(LineOutcome.NOT_DONE), "not_done"),
    "done while others go on": (lambda: ask(begun(), an_activity(), later(2)), "done"),
    "to be done again": (reopened, "approved"),
}


@pytest.mark.parametrize(("order", "stage"), STAGES.values(), ids=STAGES)
def test_a_service_has_the_first_stage_that_holds(
    order: Callable[[], ServiceOrder], stage: str
) -> None:
    assert stage_of(order(), "screen") == stage


def test_services_stand_in_the_order_in_which_they_were_asked_for() -> None:
    assert list(stages(begun()).items()) == [("screen", "in_progress"), ("port", "approved")]
