"""How much there is to do, and how much gets done (kpis.md 5)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from os_events.aggregates.service_order.closing import Cancelled, Closed
from os_events.aggregates.service_order.codes import PartState
from os_events.aggregates.service_order.parts import (
    PartInstalled,
    PartRequested,
    PartSupplyUpdated,
    Supply,
)
from os_events.aggregates.service_order.work import WorkCompleted
from os_events.aggregates.status import Category, OrderStatus
from tests.oracle.cases import DAY, Asked, Case, midnight
from tests.oracle.labour import Span, of_technicians, who
from tests.oracle.orders import Fact, Order, seconds

TO_DO = {Category.NEW, Category.PLANNED, Category.ACTIVE, Category.WAITING}
AGES = {2: "0-2", 7: "3-7", 15: "8-15", 30: "16-30"}
AT_ONCE = 3600
EVER = datetime.min.replace(tzinfo=UTC)


def backlog(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        if order.status.category in TO_DO:
            yield Case(order, asked.at, 1, series=bucket(order, asked))


def bucket(order: Order, asked: Asked) -> str:
    """Say how old an order is, in days of 24 hours; those on hold are apart."""
    if order.status is OrderStatus.ON_HOLD:
        return "on_hold"
    age = (asked.at - order.opened_at) // DAY
    return next((name for most, name in AGES.items() if age <= most), "31+")


def backlog_days(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        if order.status.category in TO_DO and order.status is not OrderStatus.ON_HOLD:
            yield Case(order, asked.at, 28, 0)
        closed = [at for at, _ in order.all(Closed) if is_lately(at, asked)]
        if closed and not order.is_cancelled:
            yield Case(order, closed[-1], 0, 1)


def is_lately(closed: datetime, asked: Asked) -> bool:
    """Say whether that is in the last 28 days: whole ones where the instant is a day's end."""
    if asked.at == asked.ends_at:
        return closed >= asked.at - 28 * DAY
    return closed > asked.at - 28 * DAY


def wip(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        if order.is_open:
            yield Case(order, asked.at, 1, series=str(order.status))


def throughput(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        for closed, _ in order.all(Closed) if not order.is_cancelled else ():
            yield Case(order, closed, 1)


def cancellation_rate(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        gone = order.all(Cancelled)[-1][1] if order.is_cancelled else None
        cause = (gone.cause_code or "unknown") if gone else None
        yield Case(order, order.opened_at, gone is not None, series=cause)


def fill_rate(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        for fact in order.facts:
            if isinstance(fact.event, PartInstalled) and not order.is_cancelled:
                yield Case(order, fact.at, was_at_hand(order, fact, fact.event.part_request_id))


def was_at_hand(order: Order, until: Fact, request: UUID | None) -> bool:
    """Say whether a part was reserved in the stock within an hour of its request."""
    known = [fact for fact in order.facts if fact < until]
    asked_for = [fact for fact in known if is_from_stock(fact.event, request)]
    reserved = [
        fact
        for fact in known
        if asked_for and fact > asked_for[0] and is_reserved(fact.event, request)
    ]
    return bool(reserved) and seconds(asked_for[0].at, reserved[0].at) <= AT_ONCE


def is_from_stock(event: object, request: UUID | None) -> bool:
    if not isinstance(event, PartRequested):
        return False
    return event.part_request_id == request and event.supply is Supply.STOCK


def is_reserved(event: object, request: UUID | None) -> bool:
    if not isinstance(event, PartSupplyUpdated):
        return False
    return event.part_request_id == request and event.state is PartState.RESERVED


def productivity(asked: Asked) -> Iterable[Case]:
    worked = []
    for order in asked.orders:
        if order.is_cancelled:
            continue
        for completed, event in order.all(WorkCompleted)[-1:]:
            yield Case(order, completed, 1, 0, technician=who(order, completed, event))
        for technician, span in of_technicians(order):
            worked += [
                (begun(span, at), order.id, technician, at, order) for at in days(order, span)
            ]
    seen = set()
    for _, order_id, technician, at, order in sorted(worked, key=lambda one: one[:2]):
        day = (technician, order.day(at), None if technician else order_id)
        if day not in seen:
            seen.add(day)
            state = None if technician else "unknown_technician"
            yield Case(order, at, 0, 1, state=state, technician=technician)


def begun(span: Span, at: datetime) -> datetime:
    """Say when work of a day began; what goes on from the day before comes first."""
    return at if at == span.since else EVER


def days(order: Order, span: Span) -> Iterable[datetime]:
    """Give an instant of each civil day on which somebody was at it."""
    at = span.since
    while at < span.until:
        yield at
        at = midnight(order.day(at) + DAY, order.opened.place_zone)
