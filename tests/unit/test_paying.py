from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from os_events.aggregates.rules import OccurredOutOfOrderError, OverrideWithoutReasonError
from os_events.aggregates.service_order.checks import (
    DuplicateIdError,
    UnknownLineError,
)
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.paying import (
    PaymentAboveBalanceError,
    PaymentKind,
    PaymentRecorded,
)
from tests.support import (
    BECAUSE,
    NOON,
    a_payment,
    a_settlement,
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

PAYMENT = UUID(int=80)


def an_approved_order() -> ServiceOrder:
    """Given: R$ 350,00 and R$ 50,00 were approved."""
    return past(approved(an_order()))


def test_a_payment_lowers_the_balance() -> None:
    order = past(ask(an_approved_order(), a_settlement()))

    ask(order, a_payment(15000))

    [(kind, fields)] = news(order)
    assert kind is PaymentRecorded
    assert fields["kind"] is PaymentKind.PAYMENT
    assert order.balance == 25000


def test_what_was_approved_may_be_paid_in_advance() -> None:
    order = an_approved_order()

    ask(order, a_payment(40000))

    assert order.balance == 0


def test_more_than_the_balance_is_a_warning() -> None:
    order = past(ask(an_approved_order(), a_settlement()))

    with pytest.raises(PaymentAboveBalanceError):
        ask(order, a_payment(40001))


def test_a_warning_about_the_balance_is_not_overridden_without_a_reason() -> None:
    order = an_approved_order()

    with pytest.raises(OverrideWithoutReasonError):
        ask(order, a_payment(40001), declared=("H6",))


def test_more_than_the_balance_passes_with_a_reason() -> None:
    order = an_approved_order()

    ask(order, a_payment(40001), declared=("H6",), reason=BECAUSE)

    assert facts(order)[0].overrides == ("H6",)


def test_a_rule_that_did_not_stand_in_the_way_is_not_overridden() -> None:
    order = an_approved_order()

    ask(order, a_payment(100), declared=("H6",), reason=BECAUSE)

    assert facts(order)[0].overrides == ()


def a_paid_order() -> ServiceOrder:
    """Given: all of R$ 400,00 was paid."""
    order = ask(an_approved_order(), a_settlement())
    return past(ask(order, a_payment(payment_id=PAYMENT)))


def test_a_reversal_gives_a_payment_back() -> None:
    order = a_paid_order()

    ask(order, a_payment(kind=PaymentKind.REVERSAL, of_payment_id=PAYMENT))

    assert (order.paid, order.refunded) == (0, 40000)


def test_no_more_goes_back_than_came() -> None:
    order = a_paid_order()

    with pytest.raises(PaymentAboveBalanceError):
        ask(order, a_payment(40001, kind=PaymentKind.REFUND))


def test_no_more_goes_back_than_the_payment_that_is_named() -> None:
    order = ask(an_approved_order(), a_payment(100, payment_id=PAYMENT))
    ask(order, a_payment(200))

    with pytest.raises(PaymentAboveBalanceError):
        ask(order, a_payment(101, kind=PaymentKind.REFUND, of_payment_id=PAYMENT))


@pytest.mark.parametrize("kind", [PaymentKind.REFUND, PaymentKind.REVERSAL])
def test_what_goes_back_names_a_payment_of_the_order(kind: PaymentKind) -> None:
    order = an_approved_order()

    with pytest.raises(UnknownLineError):
        ask(order, a_payment(kind=kind, of_payment_id=PAYMENT))


def test_a_payment_is_recorded_once_under_its_id() -> None:
    order = a_paid_order()

    with pytest.raises(DuplicateIdError):
        ask(order, a_payment(1, payment_id=PAYMENT), declared=("H6",), reason=BECAUSE)


def test_a_payment_is_recorded_after_the_end_too() -> None:
    order = past(cancelled(an_approved_order()))

    ask(order, a_payment(100))

    assert new_kinds(order) == [PaymentRecorded]


def test_an_imported_payment_was_taken_elsewhere() -> None:
    order = past(an_order())

    ask(order, a_payment(100), NOON, **imported())

    assert order.paid == 100


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 10**12 + 1},
        {"kind": PaymentKind.REVERSAL},
        {"of_payment_id": PAYMENT},
        {"method": None},
    ],
)
def test_a_payment_that_makes_no_sense_is_refused_before_it_is_decided(
    wrong: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        a_payment(**wrong)


def test_a_payment_is_reversed_once() -> None:
    order = ask(an_approved_order(), a_payment(10000, payment_id=PAYMENT))
    ask(order, a_payment(10000))
    reversal = a_payment(10000, kind=PaymentKind.REVERSAL, of_payment_id=PAYMENT)
    ask(order, reversal)

    with pytest.raises(PaymentAboveBalanceError):
        ask(order, reversal)


def test_a_payment_is_not_reversed_before_it_was_made() -> None:
    order = ask(an_approved_order(), a_payment(10000, payment_id=PAYMENT), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_payment(1, kind=PaymentKind.REFUND, of_payment_id=PAYMENT), later(1))
