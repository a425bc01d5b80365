"""What is asked of a figure: over which time, in which parts, about which orders, as of when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple, Self

from os_events.errors import OsEventsError
from os_events.values.days import end_of
from os_events.values.scalars import Code


class UnaskableError(OsEventsError):
    """The figure cannot be asked so. Change the question as the detail says."""

    slug = "unaskable"


class Grain(Code):
    """Civil periods."""

    DAY = "day", "dia"
    WEEK = "week", "semana"
    MONTH = "month", "mês"
    QUARTER = "quarter", "trimestre"


class Dimension(Code):
    """What an order was at the anchor of a case; the last two are what the figure says of it.

    ``series`` is the part that it belongs to, ``state`` why it does not count: nothing if it does.
    """

    UNIT = "unit", "unidade"
    PROFILE = "profile", "perfil"
    ROUTE = "route", "caminho"
    TYPE = "type", "tipo"
    BASIS = "basis", "base"
    PRIORITY = "priority", "prioridade"
    DEPARTMENT = "department", "setor"
    TECHNICIAN = "technician", "técnico"
    DEFECT = "defect", "defeito"
    MODEL = "model", "modelo"
    CHANNEL = "channel", "canal"
    OUTCOME = "outcome", "desfecho"
    IMPORTED = "imported", "importada"
    SERIES = "series", "parte"
    STATE = "state", "contagem"


class Period(NamedTuple):
    """Civil days from ``first`` until before ``until``."""

    first: date
    until: date


@dataclass(frozen=True)
class Question:
    """One question to a figure.

    Shape: ``period`` in civil days; ``as_of`` an instant: facts after it do not count; ``zone`` is
    that of the house, in which periods of instants are counted. ``where`` keeps the cases that have
    one of the values of each dimension named. ``suffix`` ends the names of the tables asked.
    """

    period: Period
    as_of: datetime
    zone: str
    grain: Grain | None = None
    by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    suffix: str = ""

    def whole(self) -> Self:
        """Ask the same of the whole period and all orders together."""
        return replace(self, grain=None, by=())

    def periods(self) -> list[Period]:
        """Give the periods of the grain, cut at the ends of the whole; without grain, the whole."""
        return [self.period] if self.grain is None else list(cut(self.period, self.grain))

    def begun(self) -> list[Period]:
        """Give those of them that have begun: how it stands now is not how it stood at the end."""
        if self.grain is None:
            return self.periods()
        return [one for one in self.periods() if self.instants(one)[0] <= self.as_of]

    def instants(self, period: Period) -> tuple[datetime, datetime]:
        """Give the instants at which a period begins and ends."""
        day = timedelta(days=1)
        return end_of(period.first - day, self.zone), end_of(period.until - day, self.zone)


def cut(period: Period, grain: Grain) -> Iterator[Period]:
    """Cut a period at the borders of a grain."""
    first = period.first
    while first < period.until:
        until = min(following(first, grain), period.until)
        yield Period(first, until)
        first = until


def following(day: date, grain: Grain) -> date:
    """Give the first day of the next period; weeks begin on Monday."""
    if grain is Grain.DAY:
        return day + timedelta(days=1)
    if grain is Grain.WEEK:
        return day + timedelta(days=7 - day.weekday())
    months = 1 if grain is Grain.MONTH else 3 - (day.month - 1) % 3
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)
