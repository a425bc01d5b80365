"""Labour: when somebody was at it (kpis.md 1, *labour intervals*)."""

from collections.abc import Iterator
from datetime import datetime

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.closing import Cancelled, Closed
from os_events.aggregates.service_order.holds import HoldPlaced, HoldReleased
from os_events.aggregates.service_order.work import WorkCompleted, WorkStarted
from os_events.projections.facts.spans import Span

ENDS = (WorkCompleted, Closed, Cancelled)


class Bench:
    """Who is at it now, and who will go on after the hold."""

    def __init__(self) -> None:
        self.since: dict[str | None, datetime] = {}
        self.paused: dict[str | None, None] = {}

    def take(self, at: datetime, event: DomainEvent, who: str | None) -> Iterator[Span]:
        """Take in a fact; give what ended by it."""
        if isinstance(event, WorkStarted):
            self.since.setdefault(who, at)
        elif isinstance(event, HoldReleased) and event.resumes_work:
            for one in self.paused:
                self.since.setdefault(one, at)
            self.paused = {}
        elif isinstance(event, (HoldPlaced, *ENDS)):
            yield from self.still(at)
            paused = dict.fromkeys([*self.paused, *self.since])
            self.paused = paused if isinstance(event, HoldPlaced) else {}
            self.since = {}

    def still(self, at: datetime | None) -> Iterator[Span]:
        """Give what lasts, as ended at an instant or not at all."""
        for who, since in self.since.items():
            if at is None or at > since:
                yield Span(since, at, about=who)


def labour(history: OrderHistory) -> list[Span]:
    """Give the time that anybody was at it, once."""
    return spans(history, by_technician=False)


def labour_by_technician(history: OrderHistory) -> list[Span]:
    """Give the time of each technician: who started, else who leads the work then."""
    return spans(history, by_technician=True)


def spans(history: OrderHistory, *, by_technician: bool) -> list[Span]:
    """Follow the facts in the order in which they happened; give what lasted, as it began."""
    bench, found = Bench(), list[Span]()
    for at, event in history.facts(WorkStarted, HoldPlaced, HoldReleased, *ENDS):
        who = None
        if by_technician and isinstance(event, WorkStarted):
            who = technician(history, at, event)
        found.extend(bench.take(at, event, who))
    found.extend(bench.still(None))
    return sorted(found, key=lambda span: (span.started_at, span.about or ""))


def technician(
    history: OrderHistory, at: datetime, event: WorkStarted | WorkCompleted
) -> str | None:
    """Say who did it: who is named, else who leads the work then; None if nobody knows."""
    if event.technician_id is not None:
        return str(event.technician_id)
    course = history.course
    return course.traits[course.traits_at(at) - 1][1].technician
