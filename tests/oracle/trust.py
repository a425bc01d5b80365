"""Promises, and what customers come back for (kpis.md 3 and 4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order.checklists import (
    ChecklistPurpose,
    ChecklistRecorded,
    ChecklistResult,
)
from os_events.aggregates.service_order.closing import Cancelled, Closed
from os_events.aggregates.service_order.codes import OrderType, Route, WorkOutcome
from os_events.aggregates.service_order.handover import DeviceHandedOver, HandoverOutcome
from os_events.aggregates.service_order.parts import PartInstalled
from os_events.aggregates.service_order.promises import CompletionPromised
from os_events.aggregates.service_order.reopening import Reopened
from os_events.aggregates.service_order.work import WorkCompleted
from os_events.aggregates.status import OrderStatus
from tests.oracle.cases import DAY, Asked, Case
from tests.oracle.fulfilment import fulfilled_at
from tests.oracle.orders import Order, seconds

NEVER = {
    OrderStatus.CANCELLED: "cancelled",
    OrderStatus.RETURNED_UNREPAIRED: "returned_unrepaired",
    OrderStatus.CANNOT_COMPLETE: "cannot_complete",
}
AGAIN = {OrderType.REPAIR, OrderType.SUPPORT}
MONTH = timedelta(days=30)
ON_BENCH, ELSEWHERE = timedelta(days=90), MONTH  # windows of returns


def first_promise(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        promises = order.all(CompletionPromised)
        if not promises:
            continue
        made_at, first = promises[0]
        done = fulfilled_at(order)
        if order.status in NEVER:
            ended = max(at for kind in (Closed, Cancelled) for at, _ in order.all(kind))
            yield Case(order, ended, 0, state=NEVER[order.status])
        elif done and made_at <= done:
            yield Case(order, done, done <= first.promised_at)
        elif not done and order.is_open and first.promised_at < asked.at:
            then = max(first.promised_at, made_at)
            yield Case(order, first.promised_at, 0, traits_at=then)


def promise_slip(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        done, promises = fulfilled_promises(order)
        if done and promises:
            yield Case(order, done, seconds(promises[0].promised_at, promises[-1].promised_at))


def promise_revisions(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        done, promises = fulfilled_promises(order)
        for one in promises[1:]:
            series = f"{one.moved_by or 'unknown'}/{one.cause or 'unknown'}"
            if done:
                yield Case(order, done, 1, series=series)


def fulfilled_promises(order: Order) -> tuple[datetime | None, list[CompletionPromised]]:
    """Give the fulfilment of an order that was fulfilled, and what was promised until then."""
    done = fulfilled_at(order)
    if done is None or order.status in NEVER:
        return None, []
    return done, [one for at, one in order.all(CompletionPromised) if at <= done]


def return_rate(asked: Asked) -> Iterable[Case]:
    for order in asked.orders:
        ends = endings(order)
        if ends and not order.is_cancelled:
            last, window = ends[-1]
            young = last + window > asked.at
            again = has_returned(order, asked, ends)
            yield Case(order, last, again, state="too_young" if young else None)


def part_return_rate(asked: Asked) -> Iterable[Case]:
    for case in return_rate(asked):
        installed = case.order.all(PartInstalled)
        for part in {str(one.part) for at, one in installed if at <= case.anchor}:
            yield case._replace(series=part)


def return_rate_inferred(asked: Asked) -> Iterable[Case]:
    for case in return_rate(asked):
        ends = endings(case.order)
        returns = [one.opened_at for one in asked.orders if seems_to_follow(one, case.order, ends)]
        yield case._replace(numerator=came_back(returns, ends))


def seems_to_follow(other: Order, order: Order, ends: list[tuple[datetime, timedelta]]) -> bool:
    """Say whether an order is about the same fault of the same thing, and names none before it."""
    before = [at for at, _ in ends if at <= other.opened_at]
    if not before or other is order or other.is_cancelled or other.opened.previous_order_id:
        return False
    then, now = order.then(before[-1]), other.now
    fault, again = order.traits(before[-1])["defect"], other.traits(other.as_of)["defect"]
    same = then.asset and now.asset and then.asset.asset_id == now.asset.asset_id
    return bool(same and fault and fault == again and now.type in AGAIN)


def endings(order: Order) -> list[tuple[datetime, timedelta]]:
    """Give when it was handed over as repaired, or done off the bench, and the window of that."""
    found = []
    for at, _, event in order.facts:
        if is_repaired(event) and order.route(at) is Route.BENCH:
            found.append((at, ON_BENCH))
        if is_done(event) and order.route(at) is not Route.BENCH:
            found.append((at, ELSEWHERE))
    return found


def is_repaired(event: object) -> bool:
    return isinstance(event, DeviceHandedOver) and event.outcome is HandoverOutcome.REPAIRED


def is_done(event: object) -> bool:
    return isinstance(event, WorkCompleted) and event.outcome is not WorkOutcome.NOT_REPAIRABLE


def has_returned(order: Order, asked: Asked, ends: list[tuple[datetime, timedelta]]) -> bool:
    """Say whether it came back within the window of the last end before that."""
    returns = [at for at, _ in order.all(Reopened)]
    returns += [other.opened_at for other in asked.orders if follows(other, order)]
    return came_back(returns, ends)


def came_back(returns: list[datetime], ends: list[tuple[datetime, timedelta]]) -> bool:
    """Say whether any of these instants is within the window of the last end before it."""
    last = [max((end for end in ends if end[0] <= at), default=None) for at in returns]
    return any(
        end is not None and at - end[0] <= end[1] for at, end in zip(returns, last, strict=True)
    )


def follows(other: Order, order: Order) -> bool:
    """Say whether an order names another as its previous one."""
    return other.opened.previous_order_id == order.id and not other.is_cancelled


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
            over = [days for days in (30, 60, 90) if asked.at - stay.since > days * DAY]
            series = f"over_{over[-1]}" if over else None
            yield Case(order, asked.at, 1, series=series, state=None if over else "recent")
