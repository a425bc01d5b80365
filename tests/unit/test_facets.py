"""What an order is besides its status."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from os_events.aggregates.facets import billing_facet, custody_facet, quote_facet
from os_events.aggregates.service_order.codes import NoticeKind, WaiverBasis
from os_events.aggregates.service_order.notices import NoticeMeans, SendNotice
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.paying import PaymentKind
from os_events.aggregates.service_order.quote_answers import DeclineQuote
from os_events.aggregates.service_order.quote_validity import (
    ExpireQuote,
    ProofOfReceipt,
    RecordQuoteDelivery,
)
from os_events.aggregates.service_order.reopening import ReopeningCause, ReopenServiceOrder
from os_events.aggregates.service_order.waivers import WaiveQuote
from tests.support import (
    BECAUSE,
    CUSTOMER,
    NOON,
    a_consent,
    a_handover,
    a_payment,
    a_quote,
    a_reception,
    a_settled_order,
    a_settlement,
    an_approval,
    an_order,
    approved,
    ask,
    imported,
    later,
)

SENT = SendNotice(
    kind=NoticeKind.QUOTE, means=NoticeMeans.EMAIL, recipient_id=CUSTOMER, quote_version=1
)
RECEIVED = RecordQuoteDelivery(
    quote_version=1, recipient_id=CUSTOMER, proof=ProofOfReceipt.LINK_OPENED
)
EXPIRED = ExpireQuote(quote_version=1)
WAIVED = WaiveQuote(basis=WaiverBasis.ZERO_VALUE, lines=("screen",))


def offered() -> ServiceOrder:
    return ask(an_order(), a_quote())


def received() -> ServiceOrder:
    return ask(ask(offered(), SENT), RECEIVED)


def refused(*lines: str) -> ServiceOrder:
    change = DeclineQuote(
        quote_version=1, declined_lines=lines, reason_code="price", consent=a_consent()
    )
    return ask(received(), change)


def expired() -> ServiceOrder:
    return ask(received(), EXPIRED, NOON + timedelta(days=20))


Maker = Callable[[], ServiceOrder]
QUOTES: dict[str, tuple[Maker, str]] = {
    "none": (an_order, "none"),
    "issued": (offered, "issued"),
    "sent": (lambda: ask(offered(), SENT), "sent"),
    "received": (received, "delivered"),
    "received without a notice": (lambda: ask(offered(), RECEIVED), "delivered"),
    "approved": (lambda: approved(an_order()), "approved"),
    "accepted in part": (lambda: refused("port"), "partly_accepted"),
    "declined": (refused, "declined"),
    "expired": (expired, "expired"),
    "approved in time, though expired": (
        lambda: ask(order := expired(), an_approval(order)),
        "approved",
    ),
    "waived": (lambda: ask(an_order(), WAIVED), "waived"),
    "waived after a refusal": (lambda: ask(refused(), WAIVED, later(1)), "waived"),
    "offered after a waiver": (
        lambda: ask(ask(an_order(), WAIVED), a_quote(), later(1)),
        "issued",
    ),
    "offered again": (lambda: ask(approved(an_order()), a_quote(), later(1)), "issued"),
}


@pytest.mark.parametrize(("order", "facet"), QUOTES.values(), ids=QUOTES)
def test_the_quote_is_as_far_as_its_latest_version(order: Maker, facet: str) -> None:
    assert quote_facet(order()) == facet


def handed_over() -> ServiceOrder:
    return ask(ask(an_order(), a_reception()), a_handover())


def reopened() -> ServiceOrder:
    change = ReopenServiceOrder(cause=ReopeningCause.OTHER)
    return ask(handed_over(), change, reason=BECAUSE)


CUSTODY: dict[str, tuple[Maker, str]] = {
    "never here": (an_order, "with_customer"),
    "here": (lambda: ask(an_order(), a_reception()), "in_shop"),
    "handed over": (handed_over, "delivered"),
    "handed over, and reopened": (reopened, "delivered"),
    "here again": (lambda: ask(handed_over(), a_reception()), "in_shop"),
}


@pytest.mark.parametrize(("order", "facet"), CUSTODY.values(), ids=CUSTODY)
def test_the_device_is_with_whom_it_was_given_to_last(order: Maker, facet: str) -> None:
    assert custody_facet(order()) == facet


def paid(*amounts: int) -> ServiceOrder:
    """Pay for the settled order of R$ 400,00; what is negative goes back."""
    order = a_settled_order()
    for amount in amounts:
        kind = PaymentKind.PAYMENT if amount > 0 else PaymentKind.REFUND
        ask(order, a_payment(abs(amount), kind=kind, **imported()), **imported())
    return order


def free() -> ServiceOrder:
    return ask(approved(an_order()), a_settlement(discount=40000))


BILLING: dict[str, tuple[Maker, str]] = {
    "not settled": (an_order, "unbilled"),
    "not settled, though paid ahead": (
        lambda: ask(approved(an_order()), a_payment(10000)),
        "unbilled",
    ),
    "free": (free, "nothing_due"),
    "owed": (paid, "due"),
    "paid in part": (lambda: paid(10000), "partly_paid"),
    "paid": (lambda: paid(10000, 30000), "paid"),
    "paid too much": (lambda: paid(50000), "refund_due"),
    "given back": (lambda: paid(50000, -10000), "refunded"),
    "given back too much": (lambda: paid(40000, -1), "partly_paid"),
}


@pytest.mark.parametrize(("order", "facet"), BILLING.values(), ids=BILLING)
def test_what_is_owed_is_what_was_settled_less_what_was_paid(order: Maker, facet: str) -> None:
    assert billing_facet(order()) == facet
