"""Counting time: where a day ends, which days count, and what is recorded of it (rules.md 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple, Self
from uuid import UUID
from zoneinfo import ZoneInfo

import holidays
from holidays.version import __version__ as edition

from os_events.values.company import Unit
from os_events.values.scalars import Code, Instant, Value

DAY = timedelta(days=1)
SATURDAY = 5


class Direction(Code):
    """Whom a deadline binds, and so how it is read: the supplier's early, the consumer's late."""

    OBLIGATION = "obligation", "obrigação"
    RIGHT = "right", "direito"


class TermUnit(Code):
    """In what a term is counted."""

    CALENDAR_DAYS = "calendar_days", "dias corridos"
    BUSINESS_DAYS = "business_days", "dias úteis"
    MONTHS = "months", "meses"
    DATE = "date", "data marcada"


class Deadline(Value):
    """A deadline, counted once. Later rules, calendars and libraries never move it (T8).

    Shape: ``deadline_id`` is ``<event_id>:<code>``; ``due_at`` is exclusive: what occurs before it
    is in time. Unit of ``amount``: ``unit``.
    """

    deadline_id: str
    code: str
    rule_id: str
    rule_version: int
    start_at: Instant
    due_at: Instant
    amount: int
    unit: TermUnit
    zone: str
    calendar_id: str | None = None
    calendar_version: str | None = None
    direction: Direction
    warn_at: tuple[Instant, ...] = ()

    @property
    def event_id(self) -> UUID:
        """Name the fact that started it."""
        return UUID(self.deadline_id.partition(":")[0])

    def __str__(self) -> str:
        return self.code


class DeadlineKind(NamedTuple):
    """An entry of the catalogue of deadlines (rules.md 15)."""

    code: str
    rule_id: str
    direction: Direction
    rule_version: int = 1


class Term(NamedTuple):
    """So many days, business days or months."""

    amount: int
    unit: TermUnit


@dataclass(frozen=True)
class Calendar:
    """Which days are business days. Shape: ``id`` is BR, BR-SP or BR-SP-3550308."""

    id: str
    uf: str | None = None
    local: frozenset[date] = frozenset()

    @classmethod
    def of_unit(cls, unit: Unit) -> Self:
        """Give the calendar of a place of business: of the nation, its state and its town."""
        return cls(f"BR-{unit.uf}-{unit.municipality}", unit.uf, frozenset(unit.holidays))

    @property
    def version(self) -> str:
        """Say by which edition of the tables of holidays it counts."""
        return f"holidays {edition}"

    def is_business_day(self, day: date) -> bool:
        """Say whether a day counts; an optional day (Carnival) does, unless the town says not."""
        if day.weekday() >= SATURDAY or day in self.local:
            return False
        return day not in holidays_of(self.uf, day.year)

    def business_day_from(self, day: date) -> date:
        """Give the first business day that is not before ``day`` (T2)."""
        while not self.is_business_day(day):
            day += DAY
        return day


NATIONAL = Calendar("BR")


@cache
def holidays_of(uf: str | None, year: int) -> frozenset[date]:
    """Give the holidays of the nation and of a state; made once, for making them is slow."""
    return frozenset(holidays.country_holidays("BR", subdiv=uf, years=year))


@dataclass(frozen=True)
class Place:
    """Where days are counted: by which clock they end, and which of them count."""

    zone: str
    calendar: Calendar

    @classmethod
    def of(cls, zone: str, unit: Unit) -> Self:
        """Count in ``zone``, by the calendar of a place of business."""
        return cls(zone, Calendar.of_unit(unit))

    def deadline(
        self, kind: DeadlineKind, term: Term, start_at: datetime, event_id: UUID
    ) -> Deadline:
        """Count a deadline that the fact ``event_id`` starts."""
        roll = kind.direction is Direction.RIGHT
        due_at = end_of(self.last_day(day_of(start_at, self.zone), term, roll=roll), self.zone)
        return self._recorded(kind, term, (start_at, due_at), event_id)

    def deadline_at(
        self, kind: DeadlineKind, due_at: datetime, start_at: datetime, event_id: UUID
    ) -> Deadline:
        """Record a deadline that was set, not counted."""
        return self._recorded(kind, Term(0, TermUnit.DATE), (start_at, due_at), event_id)

    def last_day(self, start: date, term: Term, *, roll: bool) -> date:
        """Count from the day after ``start`` (T1); roll what ends on no business day (T2, T7)."""
        last = COUNTING[term.unit](start, term.amount, self.calendar)
        return self.calendar.business_day_from(last) if roll else last

    def _recorded(
        self, kind: DeadlineKind, term: Term, span: tuple[datetime, datetime], event_id: UUID
    ) -> Deadline:
        start_at, due_at = span
        by_calendar = term.unit is not TermUnit.DATE
        return Deadline(
            deadline_id=f"{event_id}:{kind.code}",
            code=kind.code,
            rule_id=kind.rule_id,
            rule_version=kind.rule_version,
            start_at=start_at,
            due_at=due_at,
            amount=term.amount,
            unit=term.unit,
            zone=self.zone,
            calendar_id=self.calendar.id if by_calendar else None,
            calendar_version=self.calendar.version if by_calendar else None,
            direction=kind.direction,
        )


def day_of(instant: datetime, zone: str) -> date:
    """Say on which civil day an instant is."""
    return instant.astimezone(ZoneInfo(zone)).date()


def end_of(day: date, zone: str) -> datetime:
    """Give the instant at which a civil day is over, in UTC: 00:00 of the next (T6)."""
    return datetime.combine(day + DAY, time.min, ZoneInfo(zone)).astimezone(UTC)


def days_after(start: date, amount: int, _: Calendar) -> date:
    """Count calendar days."""
    return start + amount * DAY


def business_days_after(start: date, amount: int, calendar: Calendar) -> date:
    """Count business days."""
    day = start
    for _ in range(amount):
        day = calendar.business_day_from(day + DAY)
    return day


def months_after(start: date, amount: int, _: Calendar) -> date:
    """Count months: to the same number, or the day after where it does not exist (T3)."""
    years, month = divmod(start.month - 1 + amount, 12)
    first = date(start.year + years, month + 1, 1)
    last = first + (start.day - 1) * DAY
    if last.month == first.month:
        return last
    return last.replace(day=1)


COUNTING: dict[TermUnit, Callable[[date, int, Calendar], date]] = {
    TermUnit.CALENDAR_DAYS: days_after,
    TermUnit.BUSINESS_DAYS: business_days_after,
    TermUnit.MONTHS: months_after,
}
