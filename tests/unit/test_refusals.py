"""A refusal names the events that it rests on."""

from collections.abc import Callable

import pytest

from os_events.aggregates.base import Change, event_id
from os_events.aggregates.rules import RefusalError, check_time, resting
from os_events.aggregates.service_order.codes import HoldCause, HoldScope
from os_events.aggregates.service_order.holds import PlaceHold
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.promises import PromiseCompletion
from os_events.aggregates.service_order.quote_validity import (
    ExpireQuote,
    ProofOfReceipt,
    RecordQuoteDelivery,
)
from tests.golden.reference import events, refusals
from tests.support import (
    BECAUSE,
    CUSTOMER,
    a_cost,
    a_handover,
    a_payment,
    a_quote,
    a_reception,
    a_settlement,
    a_start,
    a_triage,
    an_act,
    an_approval,
    an_item,
    an_order,
    approved,
    ask,
    cancelled,
    facts,
    later,
    past,
)

NAMES = {event.TOPIC.partition(".")[2] for event in events()}
RECEIVED = RecordQuoteDelivery(quote_version=1, recipient_id=CUSTOMER, proof=ProofOfReceipt.IN_HAND)
HOLD = PlaceHold(scope=HoldScope.WORK, cause=HoldCause.SHIFT_END)
WAIT = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.PARTS, expected_until=later(1))
EVER = PlaceHold(scope=HoldScope.ORDER, cause=HoldCause.PARTS)


def held() -> ServiceOrder:
    order = ask(ask(an_order(), HOLD), WAIT, reason=BECAUSE)
    return ask(order, a_triage())


def offered_twice() -> ServiceOrder:
    return ask(ask(ask(an_order(), a_quote()), a_quote()), a_triage())


def received() -> ServiceOrder:
    return ask(ask(an_order(), a_reception()), a_triage())


def promised() -> ServiceOrder:
    return ask(ask(an_order(), PromiseCompletion(promised_at=later(48))), a_triage())


Given = Callable[[], ServiceOrder]
Asked = Callable[[ServiceOrder], Change[ServiceOrder]]
RESTS: dict[str, tuple[Given, Asked, int]] = {  # the version of the fact
    "cancelled": (lambda: cancelled(an_order()), lambda _: a_triage(), 2),
    "received": (received, lambda _: a_reception(), 2),
    "held": (held, lambda _: HOLD, 2),
    "held as a whole": (held, lambda _: EVER, 3),
    "promised": (promised, lambda _: EVER, 2),
    "promised earlier": (promised, lambda _: PromiseCompletion(promised_at=later(72)), 2),
    "offered again": (
        offered_twice,
        lambda order: an_approval(order, quote_version=1),
        3,
    ),
    "offered otherwise": (
        offered_twice,
        lambda order: an_approval(order, content_sha256="0" * 64),
        3,
    ),
    "answered": (
        lambda: ask(approved(an_order()), a_triage()),
        lambda order: an_approval(order, quote_version=1),
        3,
    ),
    "received, and not over": (
        lambda: ask(ask(ask(an_order(), a_quote()), RECEIVED), a_triage()),
        lambda _: ExpireQuote(quote_version=1),
        3,
    ),
    "approved for another service": (
        lambda: approved(an_order(), a_quote(an_item())),
        lambda _: a_start("port"),
        3,
    ),
    "approved for less": (
        lambda: approved(an_order(), a_quote(an_item(price=1))),
        lambda _: a_settlement(a_cost()),
        3,
    ),
    "paid already": (
        lambda: ask(approved(an_order()), a_payment()),
        lambda _: a_payment(),
        3,
    ),
    "came with more": (received, lambda _: a_handover(accessories=()), 2),
}


@pytest.mark.parametrize("case", RESTS)
def test_a_refusal_rests_on_the_fact_that_forbids_it(case: str) -> None:
    given, asked, version = RESTS[case]
    order = past(given())

    with pytest.raises(RefusalError) as refused, resting(order):
        ask(order, asked(order), later(3), reason=BECAUSE)

    assert refused.value.rests_on == (event_id(order.id, version),)


def test_what_is_told_before_the_beginning_rests_on_it() -> None:
    order = an_order(later(1))

    with pytest.raises(RefusalError) as refused, resting(order):
        check_time(an_act(), start=order)

    assert refused.value.rests_on == (facts(order)[0].event_id,)


def test_a_refusal_for_which_nothing_happened_rests_on_nothing() -> None:
    order = an_order()

    with pytest.raises(RefusalError) as refused, resting(order):
        ask(order, a_start())

    assert refused.value.rests_on == ()


@pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.slug)
def test_what_a_refusal_rests_on_is_a_kind_of_fact(refusal: type[RefusalError]) -> None:
    assert set(refusal.facts) <= NAMES
