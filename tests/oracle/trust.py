"""Promises, and what customers come back for (kpis.md 3 and 4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order.checklists import (
    ChecklistPurpose,
    ChecklistRecorded,
    ChecklistResult,
)
from os_events.aggregates.service_order.closing import Closed
from os_events.aggregates.service_order.codes import Route, WorkOutcome
from os_events.aggregates.service_order.handover import DeviceHandedOver, HandoverOutcome
from os_events.aggregates.service_order.promises import CompletionPromised
from os_events.aggregates.service_order.reopening import Reopened
from os_events.aggregates.service_order.work import WorkCompleted
from os_events.aggregates.status import OrderStatus
from tests.oracle.cases import Asked, Case
from tests.oracle.fulfilment import fulfilled_at
from tests.oracle.orders import Order, seconds

NEVER = {
    OrderStatus.CANCELLED: "cancelled",
    OrderStatus.RETURNED_UNREPAIRED: "returned_unrepaired",
    OrderStatus.CANNOT_COMPLETE: "cannot_complete",
}
MONTH = timedelta(days=30)
WINDOWS = {True: timedelta(days=90), False: MONTH}


def first_promise(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        promises = order.all(CompletionPromised)
        if not promises:
            continue
        promised = promises[0][1].promised_at
        done = fulfilled_at(order)
        if order.status in NEVER:
            ended = order.now.ended_at
            assert ended
            yield Case(order, ended, 0, state=NEVER[order.status])
        elif done:
            yield Case(order, done, done <= promised)
        elif order.is_open and promised < asked.at:
            yield Case(order, promised, 0)


def promise_slip(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        promises = order.all(CompletionPromised)
        done = fulfilled_at(order)
        if promises and done and order.status not in NEVER:
            slip = seconds(promises[0][1].promised_at, promises[-1][1].promised_at)
            yield Case(order, done, slip)


def return_rate(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        ends = endings(order)
        if not ends or order.is_cancelled:
            continue
        last, repaired = ends[-1]
        window = WINDOWS[order.now.route is Route.BENCH]
        state = None if repaired else "unrepaired"
        if repaired and last + window > asked.at:
            state = "too_young"
        yield Case(order, last, has_returned(order, asked, window), state=state)


def endings(order: Order) -> list[tuple[datetime, bool]]:
    """Give when it was done, and whether it was repaired."""
    if order.now.route is Route.BENCH:
        return [
            (at, one.outcome is HandoverOutcome.REPAIRED) for at, one in order.all(DeviceHandedOver)
        ]
    return [
        (at, one.outcome is not WorkOutcome.NOT_REPAIRABLE) for at, one in order.all(WorkCompleted)
    ]


def has_returned(order: Order, asked: Asked, window: timedelta) -> bool:
    """Say whether it came back within the window of the last end before."""
    returns = [at for at, _ in order.all(Reopened)]
    returns += [
        other.opened_at for other in asked.orders if other.opened.previous_order_id == order.id
    ]
    return any(is_within(window, at, [end for end, _ in endings(order)]) for at in returns)


def is_within(window: timedelta, at: datetime, ends: list[datetime]) -> bool:
    """Say whether an instant is within a time of the last end before it."""
    before = [end for end in ends if end <= at]
    return bool(before) and at - before[-1] <= window


def internal_rework(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        checks = [
            (at, one.result)
            for at, one in order.all(ChecklistRecorded)
            if one.purpose is ChecklistPurpose.QUALITY
        ]
        if checks and not order.is_cancelled:
            failed = any(result is ChecklistResult.FAILED for _, result in checks)
            yield Case(order, checks[0][0], failed)


def reopen_rate(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        first = order.first(WorkCompleted) or order.first(Closed)
        if first is None or order.is_cancelled:
            continue
        kinds: tuple[type[DomainEvent], ...] = (WorkCompleted, Closed)
        ends = sorted(at for kind in kinds for at, _ in order.all(kind))
        again = any(is_within(MONTH, at, ends) for at, _ in order.all(Reopened))
        young = first + MONTH > asked.at
        yield Case(order, first, again, state="too_young" if young else None)


def uncollected(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        stay = order.stays[-1]
        if stay.status is OrderStatus.READY_FOR_PICKUP:
            for days in (30, 60, 90):
                if asked.at - stay.since > timedelta(days=days):
                    yield Case(order, asked.at, 1, series=str(days))
