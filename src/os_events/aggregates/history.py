"""All that is on record about one order, as it happened, and where it stood since when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import ClassVar, Self
from uuid import UUID

from os_events.aggregates.base import Aggregate, DomainEvent
from os_events.aggregates.chronology import History
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.parts import PartRequested
from os_events.aggregates.status import Standing, standing


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
    instant.
    """

    order: ServiceOrder | None = None
    standings: list[tuple[datetime, Standing]] = field(default_factory=list)

    @classmethod
    def of(cls, events: Iterable[tuple[datetime, DomainEvent]]) -> Self:
        """Restate events; look at the order after each instant at which something happened."""
        course = cls()
        for instant, together in groupby(events, key=itemgetter(0)):
            for _, event in together:
                course.restate(event)
            course.look(instant)
        return course

    def restate(self, event: DomainEvent) -> None:
        """Apply a fact. Versions are not checked: facts may come late."""
        if isinstance(event, Opened):
            self.order = event.beginning(ServiceOrder)
        elif isinstance(event, Aggregate.Event) and self.order is not None:
            event.apply(self.order)

    def look(self, instant: datetime) -> None:
        """Note the standing, if it is another than before."""
        if self.order is None:
            return
        now = standing(self.order)
        if not self.standings or self.standings[-1][1] != now:
            self.standings.append((instant, now))
