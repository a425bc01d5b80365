"""Order intervals: what lasted, from when to when. Times of figures are sums of these."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter
from uuid import UUID

from os_events.aggregates.history import Course, OrderHistory
from os_events.aggregates.service_order.handover import DeviceHandedOver
from os_events.aggregates.service_order.holds import HoldPlaced, HoldReleased
from os_events.aggregates.service_order.intake import DeviceReceived
from os_events.aggregates.status import BACKLOG, Category, Standing
from os_events.followers.derivation import Derivation
from os_events.followers.read_model import ReadModel
from os_events.projections.facts.labour import labour, labour_by_technician
from os_events.projections.facts.spans import Span
from os_events.values.scalars import Code


class IntervalKind(Code):
    """What lasted."""

    STATUS = "status", "situação"
    STAGE = "stage", "fase"
    WAIT = "wait", "espera"
    HOLD = "hold", "suspensão"
    CUSTODY = "custody", "guarda"
    LABOUR = "labour", "trabalho"
    TECHNICIAN = "technician", "trabalho de um técnico"


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """What lasted, from ``started_at`` until before ``ended_at``: none while it lasts.

    Shape: numbered from 1 within its kind. Statuses follow each other without gap, and neighbours
    differ; a wait is told by what is waited for, and is cut where the cause of a hold changes;
    holds may overlap; labour is that of all technicians together, and beside it that of each.
    ``about`` is the status, stage, what is waited for, cause of the hold, or technician; ``traits``
    numbers what the order was when it began.
    """

    order_id: UUID
    kind: str
    number: int
    about: str | None
    category: str | None
    scope: str | None
    started_at: datetime
    ended_at: datetime | None
    traits: int


def rows(history: OrderHistory) -> Iterator[IntervalRow]:
    """Give all that lasted, kind by kind."""
    course = history.course
    if (order := course.order) is None:
        return
    spans = chain(
        statuses(course),
        stages(course),
        waits(course),
        holds(history),
        custody(history),
        ((IntervalKind.LABOUR, span) for span in labour(history)),
        ((IntervalKind.TECHNICIAN, span) for span in labour_by_technician(history)),
    )
    for kind, of_kind in groupby(spans, key=itemgetter(0)):
        for number, (_, span) in enumerate(of_kind, start=1):
            yield IntervalRow(
                order_id=order.id,
                kind=kind,
                number=number,
                about=span.about,
                category=span.category,
                scope=span.scope,
                started_at=span.started_at,
                ended_at=span.ended_at,
                traits=course.traits_at(span.started_at),
            )


Kinds = Iterator[tuple[IntervalKind, Span]]


def statuses(course: Course) -> Kinds:
    """Give what the order was; a hold whose cause changes goes on."""
    for started_at, ended_at, (status, _) in runs(course, lambda one: one.status):
        span = Span(started_at, ended_at, about=status, category=status.category)
        yield IntervalKind.STATUS, span


def stages(course: Course) -> Kinds:
    """Give when it was in the ``backlog``, and when it was ``done`` and not closed."""
    for started_at, ended_at, now in runs(course, stage_of):
        if (about := stage_of(now)) is not None:
            yield IntervalKind.STAGE, Span(started_at, ended_at, about=about)


def stage_of(now: Standing) -> str | None:
    """Say whether it is part of the backlog, is done, or is over."""
    if now.status.category in BACKLOG:
        return "backlog"
    return "done" if now.status.category is Category.DONE else None


def waits(course: Course) -> Kinds:
    """Give whom or what it waited for."""
    for started_at, ended_at, (status, cause) in runs(course, lambda one: one.waits_for):
        if cause is not None:
            span = Span(started_at, ended_at, about=cause, category=status.category)
            yield IntervalKind.WAIT, span


def runs(
    course: Course, alike: Callable[[Standing], str | None]
) -> Iterator[tuple[datetime, datetime | None, Standing]]:
    """Put neighbours together that are alike: when they began, when they ended, the first."""
    firsts = [next(run) for _, run in groupby(course.standings, key=lambda it: alike(it[1]))]
    ends: list[datetime | None] = [since for since, _ in firsts[1:]]
    for (since, now), end in zip(firsts, [*ends, None], strict=True):
        yield since, end, now


def holds(history: OrderHistory) -> Kinds:
    """Give each hold; a release that claims to be before its hold ends nothing."""
    found: dict[UUID, Span] = {}
    for at, event in history.facts(HoldPlaced, HoldReleased):
        if isinstance(event, HoldPlaced):
            found[event.hold_id] = Span(at, None, about=event.cause, scope=event.scope)
        elif isinstance(event, HoldReleased) and event.hold_id in found:
            held = found[event.hold_id]
            found[event.hold_id] = held._replace(ended_at=held.ended_at or at)
    for span in found.values():
        yield IntervalKind.HOLD, span


def custody(history: OrderHistory) -> Kinds:
    """Give how long the device was with us, each time."""
    came: datetime | None = None
    for at, event in history.facts(DeviceReceived, DeviceHandedOver):
        if isinstance(event, DeviceReceived) and came is None:
            came = at
        elif isinstance(event, DeviceHandedOver) and came is not None:
            yield IntervalKind.CUSTODY, Span(came, at)
            came = None
    if came is not None:
        yield IntervalKind.CUSTODY, Span(came, None)


class OrderIntervals(ReadModel[IntervalRow]):
    """How long everything took."""

    derivation = Derivation(
        name="order_intervals_2",
        of=OrderHistory,
        row=IntervalRow,
        rows=rows,
        ddl="""CREATE TABLE {table} (
            order_id uuid NOT NULL, kind text NOT NULL, number int NOT NULL, about text,
            category text, scope text, started_at timestamptz NOT NULL, ended_at timestamptz,
            traits int NOT NULL,
            PRIMARY KEY (order_id, kind, number), CHECK (ended_at >= started_at)
        ) PARTITION BY LIST (kind);
        CREATE TABLE {table}_status PARTITION OF {table} FOR VALUES IN ('status');
        CREATE TABLE {table}_stage PARTITION OF {table} FOR VALUES IN ('stage');
        CREATE TABLE {table}_other PARTITION OF {table} DEFAULT;
        CREATE INDEX ON {table} (started_at, ended_at)""",
    )

    def of(self, order_id: UUID) -> list[IntervalRow]:
        """Return the intervals of one order, kind by kind."""
        return self.select("WHERE order_id = %s ORDER BY kind DESC, number", order_id)
