"""Order intervals: where each order stood, from when to when. The figures are made of these."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.holds import HoldPlaced, HoldReleased
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.followers.derivation import Derivation
from os_events.followers.read_model import ReadModel
from os_events.values.scalars import Code


class IntervalKind(Code):
    """What lasted."""

    STATUS = "status", "situação"
    HOLD = "hold", "suspensão"


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """A status or a hold, from ``started_at`` until before ``ended_at``: none while it lasts.

    Shape: statuses are numbered from 1 and follow each other without gap; holds are numbered from
    1, and may overlap. ``waits_for`` is whom or what the order waits for, or the cause of the hold;
    ``scope`` is the hold's.
    """

    order_id: UUID
    kind: str
    number: int
    status: str | None
    category: str | None
    scope: str | None
    waits_for: str | None
    started_at: datetime
    ended_at: datetime | None


def rows(history: OrderHistory) -> Iterator[IntervalRow]:
    """Give the statuses of an order, then its holds."""
    order = history.course.order
    if order is None:
        return
    yield from statuses(order, history)
    yield from holds(order, history)


def statuses(order: ServiceOrder, history: OrderHistory) -> Iterator[IntervalRow]:
    """Give what the order was, and since when."""
    standings = history.course.standings
    ends = [instant for instant, _ in standings[1:]]
    for number, (started_at, now) in enumerate(standings, start=1):
        yield IntervalRow(
            order_id=order.id,
            kind=IntervalKind.STATUS,
            number=number,
            status=now.status,
            category=now.status.category,
            scope=None,
            waits_for=now.waits_for,
            started_at=started_at,
            ended_at=ends[number - 1] if number <= len(ends) else None,
        )


def holds(order: ServiceOrder, history: OrderHistory) -> Iterator[IntervalRow]:
    """Give each hold; it ends if the order knows it no longer."""
    facts = history.events
    released = {event.hold_id: at for at, event in facts if isinstance(event, HoldReleased)}
    placed = [(at, event) for at, event in facts if isinstance(event, HoldPlaced)]
    for number, (started_at, event) in enumerate(placed, start=1):
        yield IntervalRow(
            order_id=order.id,
            kind=IntervalKind.HOLD,
            number=number,
            status=None,
            category=None,
            scope=event.scope,
            waits_for=event.cause,
            started_at=started_at,
            ended_at=None if event.hold_id in order.holds else released.get(event.hold_id),
        )


class OrderIntervals(ReadModel[IntervalRow]):
    """How long everything took."""

    derivation = Derivation(
        name="order_intervals_1",
        of=OrderHistory,
        row=IntervalRow,
        rows=rows,
        ddl="""CREATE TABLE {table} (
            order_id uuid NOT NULL, kind text NOT NULL, number int NOT NULL, status text,
            category text, scope text, waits_for text, started_at timestamptz NOT NULL,
            ended_at timestamptz,
            PRIMARY KEY (order_id, kind, number), CHECK (ended_at >= started_at));
        CREATE INDEX ON {table} (started_at, ended_at)""",
    )

    def of(self, order_id: UUID) -> list[IntervalRow]:
        """Return the intervals of one order: statuses, then holds; each in order."""
        return self.select("WHERE order_id = %s ORDER BY kind DESC, number", order_id)
