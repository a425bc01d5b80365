"""How much there is to do, and how much gets done (kpis.md 5)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

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
from tests.oracle.cases import DAY, Asked, Case
from tests.oracle.labour import Span, by_technician
from tests.oracle.orders import Order

TO_DO = {Category.NEW, Category.PLANNED, Category.ACTIVE, Category.WAITING}
AGES = {2: "0-2", 7: "3-7", 15: "8-15", 30: "16-30"}
AT_ONCE = timedelta(hours=1)
TICK = timedelta(microseconds=1)


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
        closed = [at for at, _ in order.all(Closed) if at > asked.at - 28 * DAY]
        if closed and not order.is_cancelled:
            yield Case(order, asked.at, 0, 1)


def wip(asked: Asked) -> Iterable[Case]:
    return [Case(order, asked.at, 1) for order in asked.orders if order.is_open]


def throughput(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        for at, _ in order.all(Closed):
            yield Case(order, at, 1)


def cancellation_rate(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        gone = order.all(Cancelled)[-1][1] if order.is_cancelled else None
        yield Case(order, order.opened_at, gone is not None)


def fill_rate(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        for at, installed in order.all(PartInstalled):
            if not order.is_cancelled:
                yield Case(order, at, was_at_hand(order, installed))


def was_at_hand(order: Order, installed: PartInstalled) -> bool:
    """Say whether the part was reserved from stock within an hour of its request."""
    asked_for = [
        at
        for at, one in order.all(PartRequested)
        if one.part_request_id == installed.part_request_id and one.supply is Supply.STOCK
    ]
    reserved = [
        at
        for at, one in order.all(PartSupplyUpdated)
        if one.part_request_id == installed.part_request_id and one.state is PartState.RESERVED
    ]
    return any(start <= at <= start + AT_ONCE for start in asked_for for at in reserved)


def productivity(asked: Asked) -> Iterable[Case]:
    seen = set()
    for order in asked.orders:
        completed = order.last(WorkCompleted)
        if order.is_cancelled:
            continue
        if completed:
            yield Case(order, completed, 1, 0)
        for technician, spans in by_technician(order).items():
            for day, at in days(order, spans).items():
                if (technician, day) not in seen:
                    seen.add((technician, day))
                    yield Case(order, at, 0, 1)


def days(order: Order, spans: list[Span]) -> dict[date, datetime]:
    """Give the civil days that are touched, each with an instant of it."""
    found: dict[date, datetime] = {}
    for span in spans:
        at = span.since
        while order.day(at) <= order.day(span.until - TICK):
            found.setdefault(order.day(at), at)
            at += DAY
    return found
