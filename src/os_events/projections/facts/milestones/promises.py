"""Milestones of the promise: made, and kept or not."""

from collections.abc import Iterator
from datetime import datetime

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import NoticeKind, Route
from os_events.aggregates.service_order.handover import DeviceHandedOver
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.promises import CompletionPromised
from os_events.aggregates.service_order.work import WorkCompleted
from os_events.projections.facts.milestones.ends import cancelled, closed
from os_events.projections.facts.milestones.reached import Milestone, Reached, superseding
from os_events.projections.facts.spans import Span, gaps, seconds_between


def promised(history: OrderHistory) -> Iterator[Reached]:
    """Give each promise, until the next.

    Shape: ``promised_at`` is what was promised, ``seconds`` how much later than the first promise;
    ``subject`` is who moved it, ``detail`` why.
    """
    first: datetime | None = None
    found: list[Reached | datetime] = []
    for at, event in history.facts(CompletionPromised):
        first = first or event.promised_at
        one = Reached(
            Milestone.PROMISED,
            at,
            seconds=seconds_between(first, event.promised_at),
            subject=event.moved_by,
            detail=event.cause,
            promised_at=event.promised_at,
        )
        found.append(one)
    yield from superseding(found)


def fulfilled(history: OrderHistory) -> Iterator[Reached]:
    """Say when the company had done its part, until work is completed again.

    Off the bench that is the completion itself; on it, the first notice after it that the device is
    ready, or without one the handover. Shape: ``promised_at`` is the first promise made until then,
    ``seconds`` how much later than that the last one is; both None without a promise.
    """
    found: list[Reached | datetime] = []
    is_completed = is_told = False
    for at, event in history.facts(WorkCompleted, NoticeSent, DeviceHandedOver):
        on_bench = history.course.was(at).route == Route.BENCH
        if isinstance(event, WorkCompleted):
            is_completed, is_told = True, False
            found.append(at if on_bench else fulfilment(history, at))
        elif on_bench and is_completed and not is_told and is_ready_notice(event):
            is_told = True
            found.append(fulfilment(history, at))
        elif on_bench and not is_told and isinstance(event, DeviceHandedOver):
            found.append(fulfilment(history, at))
    yield from superseding(found)


def fulfilment(history: OrderHistory, at: datetime) -> Reached:
    """Hold an instant against what was promised until then."""
    made = [one.promised_at for when, one in history.facts(CompletionPromised) if when <= at]
    slip = seconds_between(made[0], made[-1]) if made else None
    return Reached(Milestone.FULFILLED, at, seconds=slip, promised_at=made[0] if made else None)


def outstanding(history: OrderHistory) -> Iterator[Reached]:
    """Say while a promise is not fulfilled, and the order has not ended.

    Shape: ``promised_at`` is the first promise, ``detail`` its civil day.
    """
    promises = history.facts(CompletionPromised)
    if not promises:
        return
    made_at, promise = promises[0]
    ends = [*fulfilled(history), *closed(history), *cancelled(history)]
    for gap in gaps([Span(one.at, one.until) for one in ends], made_at):
        yield Reached(
            Milestone.OUTSTANDING,
            gap.started_at,
            until=gap.ended_at,
            detail=history.course.day(promise.promised_at).isoformat(),
            promised_at=promise.promised_at,
        )


def is_ready_notice(event: DomainEvent) -> bool:
    """Say whether the customer is told that it can be fetched."""
    return isinstance(event, NoticeSent) and event.kind is NoticeKind.READY
