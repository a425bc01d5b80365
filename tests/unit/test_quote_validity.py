"""For how long a quote binds."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from os_events.aggregates.rules import OccurredOutOfOrderError
from os_events.aggregates.service_order.checks import OrderEndedError, UnknownLineError
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.quote_validity import (
    ExpireQuote,
    ProofOfReceipt,
    QuoteAlreadyAnsweredError,
    QuoteDelivered,
    QuoteExpired,
    QuoteExpiredError,
    QuoteNotDueToExpireError,
    RecordQuoteDelivery,
)
from os_events.aggregates.service_order.quoting import QuoteVersionUnknownError
from os_events.values.days import Direction
from tests.support import (
    CUSTOMER,
    NOON,
    a_quote,
    an_approval,
    an_order,
    ask,
    cancelled,
    facts,
    imported,
    later,
    new_kinds,
    past,
)

DUE = datetime(2026, 3, 13, 3, tzinfo=UTC)  # 10 days after Monday 2 March are over


def a_delivery(quote_version: int = 1, **fields: Any) -> RecordQuoteDelivery:
    given: dict[str, Any] = {
        "quote_version": quote_version,
        "recipient_id": CUSTOMER,
        "proof": ProofOfReceipt.IN_HAND,
    }
    return RecordQuoteDelivery(**given | fields)


def an_offer(*, received_at: datetime = NOON, **fields: Any) -> ServiceOrder:
    """Bring an order to a quote that the customer has."""
    order = ask(an_order(), a_quote(**fields))
    return past(ask(order, a_delivery(), received_at))


def test_the_validity_runs_from_the_receipt_and_is_recorded_in_full() -> None:
    order = past(ask(an_order(), a_quote()))

    ask(order, a_delivery())

    [delivered] = facts(order)
    [deadline] = delivered.deadlines
    assert isinstance(delivered, QuoteDelivered)
    assert deadline.deadline_id == f"{delivered.event_id}:DL-01"
    assert (deadline.rule_id, deadline.direction) == ("Q3", Direction.RIGHT)
    assert (deadline.start_at, deadline.due_at, deadline.amount) == (NOON, DUE, 10)
    assert (deadline.zone, deadline.calendar_id) == ("America/Sao_Paulo", "BR-SP-3550308")


ROLLING = [
    ("2026-09-02T15:00Z", "2026-09-15T03:00Z"),  # the 12th is a Saturday
    ("2026-10-02T15:00Z", "2026-10-14T03:00Z"),  # the 12th is a holiday
    ("2026-10-06T15:00Z", "2026-10-17T03:00Z"),
]


@pytest.mark.parametrize(("received", "due"), ROLLING)
def test_a_quote_is_valid_to_the_end_of_its_tenth_day_or_of_the_business_day_after(
    received: str, due: str
) -> None:
    order = an_offer(received_at=datetime.fromisoformat(received))

    assert order.validities[1].due_at == datetime.fromisoformat(due)


def test_a_stipulated_validity_is_counted() -> None:
    order = an_offer(validity_days=3, validity_stipulated=True)

    assert order.validities[1].due_at == datetime(2026, 3, 6, 3, tzinfo=UTC)


def test_a_second_receipt_in_time_prolongs_the_validity() -> None:
    order = an_offer()

    ask(order, a_delivery(), later(24))

    assert order.validities[1].due_at == datetime(2026, 3, 14, 3, tzinfo=UTC)


def test_a_receipt_after_the_validity_revives_nothing() -> None:
    order = an_offer()

    ask(order, a_delivery(), DUE)

    assert facts(order)[-1].deadlines == ()
    assert order.validities[1].due_at == DUE


def test_a_version_that_was_not_issued_is_not_received() -> None:
    with pytest.raises(QuoteVersionUnknownError):
        ask(an_order(), a_delivery())


def test_a_quote_is_not_received_before_it_is_issued() -> None:
    order = ask(an_order(), a_quote(), later(2))

    with pytest.raises(OccurredOutOfOrderError):
        ask(order, a_delivery(), later(1))


def test_a_receipt_names_a_notice_of_this_order() -> None:
    order = ask(an_order(), a_quote())

    with pytest.raises(UnknownLineError):
        ask(order, a_delivery(notice_id=UUID(int=404)))


def test_an_imported_receipt_may_lack_who_and_how() -> None:
    order = past(ask(an_order(), a_quote()))
    change = a_delivery(recipient_id=None, proof=None, **imported())

    ask(order, change, **imported())

    assert order.validities[1].due_at == DUE


IN_TIME = [DUE.replace(hour=2, minute=59, second=59), NOON]


@pytest.mark.parametrize("at", IN_TIME)
def test_a_quote_is_approved_up_to_the_end_of_its_last_day(at: datetime) -> None:
    order = an_offer()

    ask(order, an_approval(order), at)

    assert order.approved_version == 1


@pytest.mark.parametrize("at", [DUE, DUE.replace(day=20)])
def test_a_quote_is_not_approved_once_it_is_over(at: datetime) -> None:
    order = an_offer()

    with pytest.raises(QuoteExpiredError):
        ask(order, an_approval(order), at)


def test_the_last_day_ends_by_the_clock_of_the_place() -> None:
    order = an_order(place_zone="America/Manaus")
    ask(order, a_quote(), datetime(2026, 9, 2, 15, tzinfo=UTC))
    ask(order, a_delivery(), datetime(2026, 9, 2, 15, tzinfo=UTC))

    ask(order, an_approval(order), datetime(2026, 9, 15, 3, 59, 30, tzinfo=UTC))

    assert order.approved_version == 1


def test_an_approval_in_time_that_is_typed_after_the_expiry_is_accepted() -> None:
    order = ask(an_offer(), ExpireQuote(quote_version=1), DUE)

    ask(order, an_approval(order), later(1))

    assert order.approved_version == 1


def test_what_the_customer_never_received_does_not_expire() -> None:
    order = ask(an_order(), a_quote())

    ask(order, an_approval(order), DUE.replace(year=2027))

    assert order.approved_version == 1


def test_a_quote_expires_when_it_is_due() -> None:
    order = an_offer()
    [deadline] = order.validities.values()

    ask(order, ExpireQuote(quote_version=1), DUE)

    [expired] = facts(order)
    assert isinstance(expired, QuoteExpired)
    assert (expired.quote_version, expired.deadline_id) == (1, deadline.deadline_id)


def test_a_quote_does_not_expire_before_it_is_due() -> None:
    with pytest.raises(QuoteNotDueToExpireError):
        ask(an_offer(), ExpireQuote(quote_version=1), IN_TIME[0])


def test_a_quote_expires_once() -> None:
    order = past(ask(an_offer(), ExpireQuote(quote_version=1), DUE))

    with pytest.raises(QuoteExpiredError):
        ask(order, ExpireQuote(quote_version=1), DUE.replace(day=20))

    assert new_kinds(order) == []


def test_a_quote_that_was_not_received_does_not_expire() -> None:
    order = ask(an_order(), a_quote())

    with pytest.raises(QuoteNotDueToExpireError):
        ask(order, ExpireQuote(quote_version=1), DUE)


def test_an_answered_quote_does_not_expire() -> None:
    order = an_offer()
    ask(order, an_approval(order))

    with pytest.raises(QuoteAlreadyAnsweredError):
        ask(order, ExpireQuote(quote_version=1), DUE)


def test_a_version_that_was_not_issued_does_not_expire() -> None:
    with pytest.raises(QuoteVersionUnknownError):
        ask(an_offer(), ExpireQuote(quote_version=2), DUE)


@pytest.mark.parametrize("change", [a_delivery(), ExpireQuote(quote_version=1)])
def test_an_ended_order_waits_for_no_answer(change: Any) -> None:
    order = past(cancelled(an_offer()))

    with pytest.raises(OrderEndedError):
        ask(order, change, DUE)

    assert new_kinds(order) == []
