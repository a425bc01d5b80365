"""Work without a quote."""

from uuid import UUID

import pytest

from os_events.aggregates.service_order.checks import OrderEndedError, UnknownLineError
from os_events.aggregates.service_order.codes import ClosingOutcome, WaiverBasis
from os_events.aggregates.service_order.waivers import (
    PriorPracticeNotEnabledError,
    QuoteWaived,
    WaiveQuote,
    WaiverWithoutBasisError,
)
from os_events.values.company import Policies
from tests.support import (
    BECAUSE,
    NOON,
    a_closing,
    a_company,
    an_act,
    an_order,
    ask,
    imported,
    later,
    news,
    past,
)

EARLIER = UUID(int=77)
USED_TO = a_company(policies=Policies(prior_practice=True))


def a_waiver(basis: WaiverBasis = WaiverBasis.ZERO_VALUE, **fields: object) -> WaiveQuote:
    return WaiveQuote.model_validate({"basis": basis, "lines": ("screen",), **fields})


def test_a_waiver_says_why_and_for_which_services() -> None:
    order = past(an_order())

    ask(order, a_waiver(WaiverBasis.CONTRACT, contract_ref="C-12", price_table_ref="T-3"))

    waived = {
        "basis": WaiverBasis.CONTRACT,
        "lines": ("screen",),
        "order_ids": (),
        "contract_ref": "C-12",
        "price_table_ref": "T-3",
    }
    assert news(order) == [(QuoteWaived, waived)]
    assert order.authorised


def test_a_later_waiver_leaves_the_earlier_one_in_force() -> None:
    order = ask(an_order(), a_waiver())

    ask(order, a_waiver(lines=("port",)), later(1))

    assert order.scope == {"screen", "port"}


def test_a_contract_is_named_by_its_reference() -> None:
    with pytest.raises(WaiverWithoutBasisError):
        ask(an_order(), a_waiver(WaiverBasis.CONTRACT))


def test_a_prior_practice_is_for_companies_that_say_so() -> None:
    with pytest.raises(PriorPracticeNotEnabledError):
        ask(an_order(), a_waiver(WaiverBasis.PRIOR_PRACTICE, order_ids=(EARLIER,)))


def test_a_prior_practice_cites_an_earlier_order() -> None:
    with pytest.raises(WaiverWithoutBasisError):
        ask(an_order(), a_waiver(WaiverBasis.PRIOR_PRACTICE), company=USED_TO)


def test_a_prior_practice_cites_fulfilled_orders_of_the_customer_only() -> None:
    change = a_waiver(WaiverBasis.PRIOR_PRACTICE, order_ids=(EARLIER, UUID(int=78)))

    with pytest.raises(WaiverWithoutBasisError):
        change.decide(an_order(), an_act(company=USED_TO), cited=frozenset({EARLIER}))


def test_a_prior_practice_is_accepted_on_a_fulfilled_order_of_the_customer() -> None:
    order = an_order()
    change = a_waiver(WaiverBasis.PRIOR_PRACTICE, order_ids=(EARLIER,))

    change.decide(order, an_act(company=USED_TO), cited=frozenset({EARLIER}))

    assert order.waived_scope == {"screen"}


def test_a_waiver_is_for_services_that_were_asked_for() -> None:
    with pytest.raises(UnknownLineError):
        ask(an_order(), a_waiver(lines=("battery",)))


def test_an_ended_order_waives_nothing() -> None:
    closing = a_closing(ClosingOutcome.CANNOT_COMPLETE, cause_code="gone")
    order = ask(an_order(), closing, reason=BECAUSE)

    with pytest.raises(OrderEndedError):
        ask(order, a_waiver())


def test_an_imported_waiver_was_decided_elsewhere() -> None:
    order = past(an_order())

    ask(order, a_waiver(WaiverBasis.PRIOR_PRACTICE), NOON, **imported())

    assert order.waived_scope == {"screen"}
