"""When somebody was at it (kpis.md 1, labour intervals)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from os_events.aggregates.service_order.holds import HoldPlaced, HoldReleased
from os_events.aggregates.service_order.work import WorkCompleted, WorkStarted
from tests.oracle.orders import Order


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
        if isinstance(event, HoldPlaced | WorkCompleted) and since:
            found.append(Span(since, at))
            since, paused = None, isinstance(event, HoldPlaced)
        if isinstance(event, WorkCompleted):
            paused = False
    if since:
        found.append(Span(since, order.as_of))
    return [span for span in found if span.since < span.until]


def resumes(event: object, *, paused: bool) -> bool:
    """Say whether work goes on that a hold had stopped."""
    return isinstance(event, HoldReleased) and event.resumes_work and paused


def of_technicians(order: Order) -> Iterator[tuple[UUID, Span]]:
    """Give the times of each technician: all stop together, and those who stopped go on."""
    since: dict[UUID, datetime] = {}
    paused: set[UUID] = set()
    for at, _, event in order.facts:
        if isinstance(event, WorkStarted) and event.technician_id:
            since.setdefault(event.technician_id, at)
        if resumes(event, paused=True):
            since = dict.fromkeys(paused, at) | since
            paused = set()
        if isinstance(event, HoldPlaced | WorkCompleted):
            yield from ((who, Span(begun, at)) for who, begun in since.items() if begun < at)
            paused = paused | set(since) if isinstance(event, HoldPlaced) else set()
            since = {}
    now = order.as_of
    yield from ((who, Span(begun, now)) for who, begun in since.items() if begun < now)


def by_technician(order: Order) -> dict[UUID, list[Span]]:
    found: dict[UUID, list[Span]] = defaultdict(list)
    for who, span in of_technicians(order):
        found[who].append(span)
    return found
