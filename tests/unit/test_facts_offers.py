"""What became of quotes: sent, answered, ended."""

from os_events.aggregates.service_order.codes import NoticeKind, WaiverBasis
from os_events.aggregates.service_order.notices import NoticeMeans, SendNotice
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.quote_answers import DeclineQuote
from os_events.aggregates.service_order.quote_validity import ExpireQuote
from os_events.aggregates.service_order.waivers import WaiveQuote
from os_events.projections.facts.milestones.offers import decided, quote_ended, quote_sent
from os_events.projections.facts.milestones.reached import Reached
from tests.support import (
    BECAUSE,
    CUSTOMER,
    a_consent,
    a_quote,
    an_approval,
    an_item,
    an_order,
    ask,
    later,
)
from tests.views import a_delivery, a_diagnosis, a_life, history

HOUR = 3600
CHEAP = a_quote(an_item(price=30_000))  # the other costs 40,000


def declining(version: int = 1) -> DeclineQuote:
    return DeclineQuote(quote_version=version, reason_code="too-dear", consent=a_consent())


def ends(order: ServiceOrder) -> list[tuple[str | None, int | None, int | None]]:
    """Say how the negotiation ended: what became of it, what was bought, of how much."""
    return [(one.subject, one.amount, one.of_amount) for one in quote_ended(history(order))]


def counting(order: ServiceOrder) -> list[Reached]:
    return [one for one in quote_ended(history(order)) if one.until is None]


def declined_then_approved() -> ServiceOrder:
    """Decline 40,000 at hour 1, and approve 30,000 at hour 3."""
    order = ask(ask(an_order(), a_quote()), declining(), later(1))
    ask(order, CHEAP, later(2))
    return ask(order, an_approval(order), later(3))


def test_a_quote_is_sent_when_the_first_notice_of_it_is() -> None:
    order = ask(ask(an_order(), a_diagnosis(), later(1)), a_quote(), later(2))
    notice = SendNotice(
        kind=NoticeKind.QUOTE, means=NoticeMeans.EMAIL, recipient_id=CUSTOMER, quote_version=1
    )
    ask(ask(order, notice, later(4)), notice, later(5))

    [found] = quote_sent(history(order))

    assert (found.at, found.seconds) == (later(4), 3 * HOUR)


def test_an_answer_is_timed_from_when_the_customer_had_the_quote() -> None:
    [found] = decided(history(a_life()))

    assert (found.at, found.seconds) == (later(8), HOUR)
    assert (found.subject, found.detail) == ("approved", "1")


def test_an_answer_to_a_quote_that_nobody_is_known_to_have_takes_no_time() -> None:
    declined, approved = decided(history(declined_then_approved()))

    assert (declined.subject, declined.seconds) == ("declined", None)
    assert (approved.subject, approved.seconds) == ("approved", None)


def test_what_was_approved_in_the_end_is_held_against_the_largest_offer() -> None:
    order = declined_then_approved()

    assert ends(order) == [("declined", 0, 40_000), ("approved", 30_000, 40_000)]
    assert [one.at for one in counting(order)] == [later(3)]


def test_a_quote_is_pending_again_from_when_another_is_issued() -> None:
    order = ask(ask(ask(an_order(), a_quote()), declining(), later(1)), CHEAP, later(2))

    [found] = quote_ended(history(order))

    assert (found.subject, found.until) == ("declined", later(2))


def test_an_extra_that_is_declined_does_not_undo_an_approval() -> None:
    order = declined_then_approved()
    ask(order, a_quote(), later(4))
    ask(order, declining(3), later(5))

    assert [(one.subject, one.amount) for one in counting(order)] == [("approved", 30_000)]


def test_a_quote_that_nobody_answered_has_expired() -> None:
    order = ask(ask(an_order(), a_quote()), a_delivery(), later(1))

    assert ends(ask(order, ExpireQuote(quote_version=1), later(500))) == [("expired", 0, 40_000)]


def test_work_that_needs_no_quote_after_all_has_none_that_ended() -> None:
    order = ask(ask(an_order(), a_quote()), declining(), later(1))
    waiver = WaiveQuote(basis=WaiverBasis.SERVICE_WARRANTY, lines=("screen", "port"))

    assert counting(ask(order, waiver, later(2), reason=BECAUSE)) == []
