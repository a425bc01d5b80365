"""All that is on record about one order, as it happened, and where it stood since when."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import ClassVar, Self
from uuid import UUID

from os_events.aggregates.base import Aggregate, DomainEvent
from os_events.aggregates.chronology import History
from os_events.aggregates.service_order.diagnosing import DiagnosisRecorded
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.parts import PartRequested
from os_events.aggregates.status import Standing, standing
from os_events.aggregates.traits import Traits, changes_traits, traits
from os_events.values.days import day_of


class OrderHistory(History):
    """The events of one order."""

    TOPIC: ClassVar[str] = ServiceOrder.TOPIC
    BEGINS: ClassVar[str] = Opened.TOPIC

    @cached_property
    def things(self) -> dict[UUID, str]:
        """Say how people call the parts that the order's facts name by an id."""
        asked = (event for _, event in self.events if isinstance(event, PartRequested))
        return {event.part_request_id: str(event.part) for event in asked}

    @cached_property
    def course(self) -> "Course":
        """Replay it, once for everybody who asks."""
        return Course.of(self.events)


@dataclass
class Course:
    """How an order came to be what it is: every standing since when, and how it is now.

    ``order`` is None until it begins. Neighbours in ``standings`` differ, and no two share an
    instant; the same is true of ``traits``.
    """

    order: ServiceOrder | None = None
    standings: list[tuple[datetime, Standing]] = field(default_factory=list)
    traits: list[tuple[datetime, Traits]] = field(default_factory=list)
    fault_code: str | None = None

    @classmethod
    def of(cls, events: Iterable[tuple[datetime, DomainEvent]]) -> Self:
        """Restate events; look at the order after each instant at which something happened."""
        course = cls()
        for instant, facts in groupby(events, key=itemgetter(0)):
            together = [event for _, event in facts]
            for event in together:
                course.restate(event)
            course.look(instant, changed=any(map(changes_traits, together)))
        return course

    def restate(self, event: DomainEvent) -> None:
        """Apply a fact. Versions are not checked: facts may come late."""
        if isinstance(event, Opened):
            self.order = event.beginning(ServiceOrder)
        elif isinstance(event, Aggregate.Event) and self.order is not None:
            event.apply(self.order)
        if isinstance(event, DiagnosisRecorded):
            self.fault_code = event.fault_code

    def look(self, instant: datetime, *, changed: bool) -> None:
        """Note the standing and, if something ``changed`` them, the traits: if they are others."""
        if self.order is None:
            return
        now = standing(self.order)
        if not self.standings or self.standings[-1][1] != now:
            self.standings.append((instant, now))
        if not changed:
            return
        what = traits(self.order, self.fault_code)
        if not self.traits or self.traits[-1][1] != what:
            self.traits.append((instant, what))

    def traits_at(self, instant: datetime) -> int:
        """Give the number of the traits in force at an instant, from 1."""
        return bisect_right(self.traits, instant, key=itemgetter(0))

    def was(self, instant: datetime) -> Traits:
        """Give the traits in force at an instant."""
        return self.traits[self.traits_at(instant) - 1][1]

    def day(self, instant: datetime) -> date:
        """Give the civil day of an instant at the place of performance."""
        assert self.order is not None  # noqa: S101 - nobody asks before it begins
        return day_of(instant, self.order.place_zone)
