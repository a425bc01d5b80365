"""Milestones of the end: completed, done, turned around, closed, cancelled, reopened."""

from collections.abc import Iterator
from datetime import datetime

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.closing import Cancelled, Closed
from os_events.aggregates.service_order.codes import OrderType, Route, WorkOutcome
from os_events.aggregates.service_order.handover import DeviceHandedOver, HandoverOutcome
from os_events.aggregates.service_order.intake import DeviceReceived
from os_events.aggregates.service_order.reopening import Reopened
from os_events.aggregates.service_order.work import WorkCompleted
from os_events.aggregates.status import Standing
from os_events.projections.facts.labour import labour, technician
from os_events.projections.facts.milestones.reached import Milestone, Reached, superseding
from os_events.projections.facts.spans import Span, seconds_between, seconds_within

NOT_OURS = ("customer", "parts")  # whom or what an order waits for, when its time is not ours


def completed(history: OrderHistory) -> Iterator[Reached]:
    """Give each completion, until the next.

    Shape: ``seconds`` since it was opened; ``of_seconds`` is the labour until then, None without
    any; ``amount`` is the same of a repair, 0 without any, None of other types; ``subject`` is the
    outcome, ``detail`` the technician, if anybody knows.
    """
    began, spans, found = history.events[0][0], labour(history), list[Reached | datetime]()
    for at, event in history.facts(WorkCompleted):
        worked = seconds_within(spans, began, at)
        is_repair = history.course.was(at).type == OrderType.REPAIR
        one = Reached(
            Milestone.COMPLETED,
            at,
            seconds=seconds_between(began, at),
            of_seconds=worked or None,
            amount=worked if is_repair else None,
            subject=event.outcome,
            detail=technician(history, at, event),
        )
        found.append(one)
    yield from superseding(found)


def done(history: OrderHistory) -> Iterator[Reached]:
    """Give each end that was a success, until the next: the handover, or off the bench the work.

    Shape: ``subject`` is the route.
    """
    routes = (
        (at, event, history.course.was(at).route)
        for at, event in history.facts(WorkCompleted, DeviceHandedOver)
    )
    found: list[Reached | datetime] = [
        Reached(Milestone.DONE, at, subject=route)
        for at, event, route in routes
        if is_success(event, on_bench=route == Route.BENCH)
    ]
    yield from superseding(found)


def is_success(event: DomainEvent, *, on_bench: bool) -> bool:
    """Say whether the customer has what was asked for."""
    if on_bench:
        return isinstance(event, DeviceHandedOver) and event.outcome is HandoverOutcome.REPAIRED
    return isinstance(event, WorkCompleted) and event.outcome is not WorkOutcome.NOT_REPAIRABLE


def turned_around(history: OrderHistory) -> Iterator[Reached]:
    """Give how long we had it, until the next time.

    Shape: ``seconds`` are those of all custody until this handover or, off the bench, from opening
    to this closing; ``of_seconds`` those of them in which it waited for the customer or for parts;
    ``subject`` is the outcome of the handover or closing.
    """
    began, found = history.events[0][0], list[Reached | datetime]()
    cycles, came = list[Span](), list[datetime]()
    for at, event in history.facts(DeviceReceived, DeviceHandedOver, Closed):
        on_bench = history.course.was(at).route == Route.BENCH
        if isinstance(event, DeviceReceived):
            came = came or [at]
        elif isinstance(event, DeviceHandedOver) and came:
            cycles.append(Span(came.pop(), at))
            if on_bench:
                found.append(turn(history, cycles, at, event.outcome))
        elif isinstance(event, Closed) and not on_bench:
            found.append(turn(history, [Span(began, at)], at, event.outcome))
    yield from superseding(found)


def turn(history: OrderHistory, spans: list[Span], at: datetime, outcome: str) -> Reached:
    """Add up what was ours and what was not."""
    waits = not_ours(history.course.standings)
    return Reached(
        Milestone.TURNED_AROUND,
        at,
        seconds=sum(seconds_between(start, end) for start, end, *_ in spans if end),
        of_seconds=sum(seconds_within(waits, start, end) for start, end, *_ in spans if end),
        subject=outcome,
    )


def not_ours(standings: list[tuple[datetime, Standing]]) -> list[Span]:
    """Give when it waited for somebody else."""
    ends: list[datetime | None] = [since for since, _ in standings[1:]]
    return [
        Span(since, end)
        for (since, now), end in zip(standings, [*ends, None], strict=True)
        if now.waits_for in NOT_OURS
    ]


def closed(history: OrderHistory) -> Iterator[Reached]:
    """Give each closing, until it is reopened, cancelled or closed again; ``subject``: outcome."""
    found: list[Reached | datetime] = []
    for at, event in history.facts(Closed, Reopened, Cancelled):
        if isinstance(event, Closed):
            found.append(Reached(Milestone.CLOSED, at, subject=event.outcome))
        elif isinstance(event, Reopened | Cancelled):
            found.append(at)
    yield from superseding(found)


def cancelled(history: OrderHistory) -> Iterator[Reached]:
    """Give each cancellation, until the order is reopened or closed after all.

    Shape: ``subject`` is the cause, ``detail`` by whom.
    """
    found: list[Reached | datetime] = []
    for at, event in history.facts(Cancelled, Reopened, Closed):
        if isinstance(event, Cancelled):
            one = Reached(Milestone.CANCELLED, at, subject=event.cause_code, detail=event.by)
            found.append(one)
        elif isinstance(event, Reopened | Closed):
            found.append(at)
    yield from superseding(found)


def reopened(history: OrderHistory) -> Iterator[Reached]:
    """Give each reopening; ``subject`` is its cause."""
    for at, event in history.facts(Reopened):
        yield Reached(Milestone.REOPENED, at, subject=event.cause)
