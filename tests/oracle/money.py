"""Quotes, tickets, and how far the record can be relied on (kpis.md 6)."""

from collections.abc import Iterable

from os_events.aggregates.service_order.closing import Closed
from os_events.aggregates.service_order.codes import NoticeKind
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.quote_answers import QuoteApproved, QuoteDeclined
from os_events.aggregates.service_order.quote_validity import QuoteDelivered, QuoteExpired
from os_events.aggregates.service_order.quoting import QuoteIssued
from os_events.aggregates.service_order.settling import FinalCostsSettled
from os_events.aggregates.service_order.waivers import QuoteWaived
from tests.oracle.cases import Asked, Case
from tests.oracle.orders import Fact, Order, seconds

ENDS = QuoteApproved | QuoteDeclined | QuoteExpired
LATE = 15 * 60


def quote_approval(asked: Asked) -> Iterable[Case]:
    for order, end in ended_quotes(asked):
        yield Case(order, end.at, bool(order.now.approved_at))


def quote_approval_value(asked: Asked) -> Iterable[Case]:
    for order, end in ended_quotes(asked):
        approved = order.now.approved
        yield Case(order, end.at, approved.total if approved else 0, largest_put(order))


def ended_quotes(asked: Asked) -> Iterable[tuple[Order, Fact]]:
    """Give the orders whose quote has come to an end, with the last answer or expiry.

    It has where the newest version was answered or has expired, and no waiver came since.
    """
    for order in asked.orders:
        ends = [fact for fact in order.facts if isinstance(fact.event, ENDS)]
        offers = [fact for fact in order.facts if isinstance(fact.event, QuoteIssued)]
        waivers = [fact for fact in order.facts if isinstance(fact.event, QuoteWaived)]
        is_waived = waivers and ends and waivers[-1] > ends[-1]
        if has_answer(offers, ends) and not is_waived and not order.is_cancelled:
            yield order, ends[-1]


def has_answer(offers: list[Fact], ends: list[Fact]) -> bool:
    """Say whether the newest version was answered or has expired, since it was issued."""
    newest = max(offers, key=lambda fact: fact.event.quote_version, default=None)
    return newest is not None and any(
        end > newest and end.event.quote_version == newest.event.quote_version for end in ends
    )


def largest_put(order: Order) -> int:
    """Give the largest total of the versions that the customer was sent, has, or answered."""
    put: set[int | None] = {one.quote_version for _, one in order.all(QuoteDelivered)}
    put |= {one.quote_version for _, one in order.all(NoticeSent) if one.kind is NoticeKind.QUOTE}
    put |= {fact.event.quote_version for fact in order.facts if isinstance(fact.event, ENDS)}
    totals = [one.total for _, one in order.all(QuoteIssued) if one.quote_version in put]
    return max(totals, default=0)


def ticket_medio(asked: Asked) -> Iterable[Case]:
    for case in ticket_medio_all(asked):
        yield case._replace(state=None if case.numerator else "no_value")


def ticket_medio_all(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        closed = order.last(Closed)
        if closed and not order.is_open and not order.is_cancelled:
            settled = order.all(FinalCostsSettled)
            yield Case(order, closed, settled[-1][1].total if settled else 0)


def override_rate(asked: Asked) -> Iterable[Case]:
    known = [order for order in asked.orders if not order.is_imported]
    overridden = {fact.event.TOPIC for one in known for fact in one.facts if fact.event.overrides}
    for order in known:
        for at, _, event in order.facts:
            if event.TOPIC in overridden:
                rules = " ".join(event.overrides) or None
                yield Case(order, at, rules is not None, series=rules)


def late_entry_rate(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        for at, _, event in order.facts:
            if not order.is_imported and ":" not in event.actor.id:
                late = seconds(event.occurred_at, event.recorded_at) > LATE
                yield Case(order, at, late and not event.device.offline)
