"""When somebody was at it (kpis.md 1, labour intervals); nobody is at what has ended."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from os_events.aggregates.service_order.closing import Cancelled, Closed
from os_events.aggregates.service_order.holds import HoldPlaced, HoldReleased
from os_events.aggregates.service_order.work import WorkCompleted, WorkStarted
from tests.oracle.orders import Order

ENDS = WorkCompleted | Closed | Cancelled


class Span(NamedTuple):
    """A time at work; one that goes on ends, so far, at the instant asked."""

    since: datetime
    until: datetime


def labour(order: Order) -> list[Span]:
    """Give the times at which anybody was at work on an order."""
    found, since, paused = [], None, False
    for at, _, event in order.facts:
        if isinstance(event, WorkStarted) or resumes(event, paused=paused):
            since, paused = since or at, False
        if isinstance(event, HoldPlaced | ENDS) and since:
            found.append(Span(since, at))
            since, paused = None, True
        if isinstance(event, ENDS):
            paused = False
    if since:
        found.append(Span(since, order.as_of))
    return [span for span in found if span.since < span.until]


def resumes(event: object, *, paused: bool) -> bool:
    """Say whether work goes on that a hold had stopped."""
    return isinstance(event, HoldReleased) and event.resumes_work and paused


def of_technicians(order: Order) -> Iterator[tuple[str | None, Span]]:
    """Give the times of each technician: all stop together, and those who stopped go on."""
    since: dict[str | None, datetime] = {}
    paused: set[str | None] = set()
    for at, _, event in order.facts:
        if isinstance(event, WorkStarted):
            since.setdefault(who(order, at, event), at)
        if resumes(event, paused=True):
            since = dict.fromkeys(paused, at) | since
            paused = set()
        if isinstance(event, HoldPlaced | ENDS):
            yield from ((one, Span(begun, at)) for one, begun in since.items() if begun < at)
            paused = paused | set(since) if isinstance(event, HoldPlaced) else set()
            since = {}
    now = order.as_of
    yield from ((one, Span(begun, now)) for one, begun in since.items() if begun < now)


def who(order: Order, at: datetime, event: WorkStarted | WorkCompleted) -> str | None:
    """Name who is said to have done it, or else who leads the work then."""
    return str(event.technician_id) if event.technician_id else order.then(at).lead_technician
