"""Quotes, tickets, and how far the record can be relied on (kpis.md 6)."""

from collections.abc import Iterable
from datetime import timedelta

from os_events.aggregates.service_order.closing import Closed
from os_events.aggregates.service_order.codes import NoticeKind
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.quote_answers import QuoteApproved, QuoteDeclined
from os_events.aggregates.service_order.quote_validity import QuoteDelivered, QuoteExpired
from os_events.aggregates.service_order.quoting import QuoteIssued
from os_events.aggregates.service_order.settling import FinalCostsSettled
from os_events.values.acts import Role
from tests.oracle.cases import Asked, Case
from tests.oracle.orders import Fact, Order

ANSWERS = (QuoteApproved, QuoteDeclined, QuoteExpired)
MACHINES = {Role.POLICY, Role.INTEGRATION}
LATE = timedelta(minutes=15)


def quote_approval(asked: Asked) -> Iterable[Case]:
    for order, end in ended_quotes(asked):
        yield Case(order, end.at, isinstance(end.event, QuoteApproved))


def quote_approval_value(asked: Asked) -> Iterable[Case]:
    for order, end in ended_quotes(asked):
        won = end.event.total if isinstance(end.event, QuoteApproved) else 0
        yield Case(order, end.at, won, largest_put(order))


def ended_quotes(asked: Asked) -> Iterable[tuple[Order, Fact]]:
    """Give the orders whose quote was answered, or expired, with the fact that ended it."""
    for order in asked.orders:
        ends = [fact for fact in order.facts if isinstance(fact.event, ANSWERS)]
        if ends and not order.now.waivers and not order.now.pending and not order.is_cancelled:
            yield order, ends[-1]


def largest_put(order: Order) -> int:
    """Give the largest total of the versions that the customer was sent, or has."""
    put: set[int | None] = {one.quote_version for _, one in order.all(QuoteDelivered)}
    put |= {one.quote_version for _, one in order.all(NoticeSent) if one.kind is NoticeKind.QUOTE}
    totals = [one.total for _, one in order.all(QuoteIssued) if one.quote_version in put]
    return max(totals, default=0)


def ticket_medio(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        closed = order.last(Closed)
        if closed and not order.is_open and not order.is_cancelled:
            settled = order.all(FinalCostsSettled)
            yield Case(order, closed, settled[-1][1].total if settled else 0)


def override_rate(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        for at, _, event in order.facts:
            if not order.is_imported:
                yield Case(order, at, bool(event.overrides), series=event.TOPIC)


def late_entry_rate(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        for at, _, event in order.facts:
            if not order.is_imported and event.actor.role not in MACHINES:
                late = event.recorded_at - event.occurred_at > LATE
                yield Case(order, at, late and not event.device.offline)
