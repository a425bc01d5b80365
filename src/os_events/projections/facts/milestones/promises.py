"""Milestones of the promise: made, and kept or not."""

from collections.abc import Iterator
from datetime import datetime

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.codes import NoticeKind, Route, WorkOutcome
from os_events.aggregates.service_order.handover import DeviceHandedOver
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.promises import CompletionPromised
from os_events.aggregates.service_order.work import WorkCompleted
from os_events.projections.facts.milestones.reached import Milestone, Reached, superseding
from os_events.projections.facts.spans import seconds_between


def promised(history: OrderHistory) -> Iterator[Reached]:
    """Give each promise, until the next.

    Shape: ``promised_at`` is what was promised, ``seconds`` how much later than the first promise;
    ``subject`` is who moved it, ``detail`` why.
    """
    first: datetime | None = None
    found: list[Reached | datetime] = []
    for at, event in history.events:
        if isinstance(event, CompletionPromised):
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

    Shape: ``promised_at`` is the first promise made until then, ``seconds`` how much later than
    that the last one is; both None without a promise.
    """
    company = Company(history)
    yield from superseding([one for at, event in history.events for one in company.take(at, event)])


class Company:
    """What the company has promised and done so far."""

    def __init__(self, history: OrderHistory) -> None:
        self.history = history
        self.promises: list[datetime] = []
        self.completed = False
        self.told = False

    def take(self, at: datetime, event: DomainEvent) -> Iterator[Reached | datetime]:
        """Take in a fact; give the fulfilment, or when there was none any more."""
        if isinstance(event, CompletionPromised):
            self.promises.append(event.promised_at)
        elif isinstance(event, WorkCompleted):
            yield at
            self.completed = event.outcome is not WorkOutcome.NOT_REPAIRABLE
            self.told = False
            if self.completed and not self.on_bench(at):
                yield self.fulfilled(at)
        elif self.completed and not self.told and self.on_bench(at) and hands_over(event):
            self.told = isinstance(event, NoticeSent)
            yield self.fulfilled(at)

    def on_bench(self, at: datetime) -> bool:
        """Say whether it is on the bench then."""
        course = self.history.course
        return course.traits[course.traits_at(at) - 1][1].route == Route.BENCH

    def fulfilled(self, at: datetime) -> Reached:
        """Hold the fulfilment against what was promised."""
        first, last = (self.promises[0], self.promises[-1]) if self.promises else (None, None)
        return Reached(
            Milestone.FULFILLED,
            at,
            promised_at=first,
            seconds=seconds_between(first, last) if first and last else None,
        )


def hands_over(event: DomainEvent) -> bool:
    """Say whether the customer may have it now, or has it."""
    if isinstance(event, NoticeSent):
        return event.kind is NoticeKind.READY
    return isinstance(event, DeviceHandedOver)
