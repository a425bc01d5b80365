"""Orders as of an instant, from the raw events: slow, and plain enough to be checked by eye.

It shares with the product the events themselves, their replay (``apply``), and what a status is.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order.codes import AssigneeKind, Route
from os_events.aggregates.service_order.diagnosing import DiagnosisRecorded
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.organising import ResponsibleAssigned
from os_events.aggregates.status import Category, OrderStatus, standing
from os_events.values.acts import Channel

E = TypeVar("E", bound=DomainEvent)

SECOND = timedelta(seconds=1)


class Fact(NamedTuple):
    """An event and when it happened; facts compare as they happened, ties by position."""

    at: datetime
    position: int
    event: Any


class Stay(NamedTuple):
    """A time in one status, waiting for one thing. Shape: ``until`` is None if it goes on."""

    status: OrderStatus
    waits_for: str | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, eq=False)
class Order:
    """What had happened to one order by ``as_of``. What is asked twice is computed once."""

    as_of: datetime
    facts: tuple[Fact, ...]

    @property
    def opened(self) -> Opened:
        found = self.facts[0].event
        assert isinstance(found, Opened)
        return found

    @property
    def id(self) -> UUID:
        return self.opened.originator_id

    @property
    def opened_at(self) -> datetime:
        return self.facts[0].at

    @property
    def is_imported(self) -> bool:
        return self.opened.channel is Channel.IMPORT

    def all(self, kind: type[E]) -> list[tuple[datetime, E]]:
        """Give its facts of a kind, as they happened."""
        return [(fact.at, fact.event) for fact in self.facts if isinstance(fact.event, kind)]

    def first(self, kind: type[DomainEvent]) -> datetime | None:
        return next((at for at, _ in self.all(kind)), None)

    def last(self, kind: type[DomainEvent]) -> datetime | None:
        return max((at for at, _ in self.all(kind)), default=None)

    def day(self, instant: datetime) -> date:
        """Say on which civil day it was, at the place of performance."""
        return instant.astimezone(ZoneInfo(self.opened.place_zone)).date()

    def then(self, instant: datetime) -> ServiceOrder:
        """Replay what had happened by an instant."""
        return replayed(self, sum(fact.at <= instant for fact in self.facts))

    def route(self, instant: datetime) -> Route:
        """Say on which way it was at an instant."""
        return self.then(instant).route

    @cached_property
    def now(self) -> ServiceOrder:
        return self.then(self.as_of)

    @property
    def status(self) -> OrderStatus:
        return standing(self.now).status

    @property
    def is_cancelled(self) -> bool:
        return self.status is OrderStatus.CANCELLED

    @property
    def is_open(self) -> bool:
        return self.status.category is not Category.CLOSED

    @cached_property
    def waits(self) -> list[Stay]:
        """Give the status of each instant: after all facts of that instant; equal ones are one."""
        found: list[Stay] = []
        order = self.opened.beginning(ServiceOrder)
        for place, fact in enumerate(self.facts):
            if place > 0:
                fact.event.apply(order)
            if place + 1 < len(self.facts) and self.facts[place + 1].at == fact.at:
                continue
            status, waits_for = standing(order)
            if found and found[-1][:2] == (status, waits_for):
                continue
            if found:
                found[-1] = found[-1]._replace(until=fact.at)
            found.append(Stay(status, waits_for, fact.at, None))
        return found

    @cached_property
    def stays(self) -> list[Stay]:
        """Give its times in a status: a change of the cause of a hold ends none."""
        found: list[Stay] = []
        for wait in self.waits:
            if found and found[-1].status is wait.status:
                found[-1] = found[-1]._replace(until=wait.until)
            else:
                found.append(wait._replace(waits_for=None))
        return found

    def traits(self, instant: datetime) -> dict[str, str | None]:
        """Say what it was at an instant, by the names of the dimensions."""
        order = self.then(instant)
        assigned = [event.assignee for at, event in self.all(ResponsibleAssigned) if at <= instant]
        departments = [one.id for one in assigned if one.kind is AssigneeKind.DEPARTMENT]
        found = [event for at, event in self.all(DiagnosisRecorded) if at <= instant]
        return {
            "unit": str(order.unit_id),
            "profile": str(order.profile),
            "route": str(order.route),
            "type": str(order.type),
            "basis": str(order.basis),
            "priority": str(order.priority),
            "department": departments[-1] if departments else None,
            "technician": order.lead_technician,
            "defect": found[-1].fault_code if found else None,
            "model": str(order.asset) if order.asset else None,
            "channel": str(self.opened.channel),
            "outcome": str(order.ended) if order.ended else None,
            "imported": str(self.is_imported).lower(),
        }


@cache
def replayed(order: Order, number: int) -> ServiceOrder:
    """Replay the first facts of an order."""
    found = order.opened.beginning(ServiceOrder)
    for fact in order.facts[1:number]:
        fact.event.apply(found)
    return found


def orders(events: Iterable[DomainEvent], as_of: datetime, before: datetime) -> list[Order]:
    """Give the orders of a log as of an instant: their facts until it, and before another."""
    by_order = defaultdict(list)
    for event in events:
        if event.TOPIC.startswith("service-order."):
            by_order[event.originator_id].append(event)
    found = []
    for of_one in by_order.values():
        began = next(event.occurred_at for event in of_one if isinstance(event, Opened))
        happened = [
            Fact(max(event.occurred_at, began), event.position, event)
            for event in of_one
            if event.occurred_at <= as_of and event.occurred_at < before
        ]
        if began <= as_of and began < before:
            found.append(Order(min(as_of, before), tuple(sorted(happened))))
    return found


def seconds(since: datetime, until: datetime) -> int:
    """Count whole seconds between two instants."""
    return (until - since) // SECOND


def within(since: datetime, until: datetime, start: datetime, end: datetime) -> int:
    """Count the seconds of one time that are inside another."""
    return max(0, seconds(max(since, start), min(until, end)))
