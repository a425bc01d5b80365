"""What the address of a page of figures asks: period, parts, filters, and two clocks."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from os_events.console.moments import Moment, moment
from os_events.kpis.question import Dimension, Grain, Period, Question
from os_events.values.days import DAY, day_of

USUAL = 30  # days that are shown if nobody asks for others
LONGEST = 3660  # days
YEARS = range(1990, 2200)  # that a period may touch
FINEST = {Grain.DAY: 100, Grain.WEEK: 750}  # days of a period that are still told in this grain
WEEKS_UNTIL = 100  # days; longer periods are told by month if nobody asks otherwise
SHOWN = 8  # weeks or months of how a figure went
YEAR = timedelta(days=365)
NO_VALUE = "-"  # for what a dimension has where there is none
Filter = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Asked(BaseModel):
    """One question, as forms and links write it. Shape: ``first`` and ``last`` both count."""

    first: date | None = None
    last: date | None = None
    grain: Grain | Literal["whole"] | None = None
    by: Dimension | None = None
    as_of: Moment = ""
    known_at: Moment = ""
    unit: UUID | None = None
    profile: Filter | None = None
    route: Filter | None = None
    type: Filter | None = None
    basis: Filter | None = None
    priority: Filter | None = None
    department: Filter | None = None
    technician: Filter | None = None
    defect: Filter | None = None
    model: Filter | None = None
    channel: Filter | None = None
    outcome: Filter | None = None
    imported: Filter | None = None
    series: Filter | None = None
    state: Filter | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_empty_fields(cls, values: Any) -> Any:
        return {name: value for name, value in values.items() if value != ""}

    @model_validator(mode="after")
    def _the_period_can_be_shown(self) -> Self:
        if any(day.year not in YEARS for day in (self.first, self.last) if day):
            raise ValueError("a day that no order is of")
        if self.first and self.last and not 0 <= (self.last - self.first).days < LONGEST:
            raise ValueError("a period that ends before it begins, or is too long")
        return self

    def link(self, path: str, **changes: Any) -> str:
        """Write the address of a page with the same question, some of it changed."""
        kept = self.model_dump(mode="json", exclude_defaults=True) | changes
        said = {name: value for name, value in kept.items() if value not in (None, "")}
        return f"{path}?{urlencode(said)}" if said else path

    def period(self, today: date) -> Period:
        """Give the days that are asked for; without any, the last ones until ``today``."""
        last = self.last or max(today, self.first or today)
        return Period(self.first or last - timedelta(days=USUAL - 1), last + DAY)

    def grain_for(self, period: Period) -> Grain | None:
        """Give the grain that is asked for, as far as it can be shown; else one that fits."""
        days = (period.until - period.first).days
        if self.grain == "whole":
            return None
        asked = self.grain or (Grain.WEEK if days <= WEEKS_UNTIL else Grain.MONTH)
        return Grain.MONTH if days > FINEST.get(asked, days) else asked

    def where(self) -> dict[Dimension, tuple[str, ...]]:
        """Give the filters that are asked for."""
        chosen = {one: getattr(self, one.value) for one in Dimension}
        return {
            one: ("" if value == NO_VALUE else str(value),)
            for one, value in chosen.items()
            if value is not None
        }

    def clocks(self, zone: str, now: datetime) -> tuple[datetime, datetime | None]:
        """Give the instant as of which is asked, and that of the knowledge: None means now.

        What was known at an instant is asked as of that instant, unless another one is told.
        """
        known_at = moment(self.known_at, zone)
        as_of = moment(self.as_of, zone) or known_at or now
        return min(as_of, now), known_at if known_at and known_at < now else None

    def question(self, zone: str, now: datetime) -> Question:
        """Ask it, of what is known now."""
        as_of, _ = self.clocks(zone, now)
        period = self.period(day_of(as_of, zone))
        return Question(period, as_of, zone, self.grain_for(period), where=self.where())


def until_then(question: Question) -> Question:
    """Ask how the figure went up to the end of the period: week by week, or month by month."""
    last = question.period.until - DAY
    if question.grain in (Grain.DAY, Grain.WEEK):
        monday = last - timedelta(days=last.weekday())
        first, grain = monday - timedelta(weeks=SHOWN - 1), Grain.WEEK
    else:
        months = last.year * 12 + last.month - SHOWN
        first, grain = date(months // 12, months % 12 + 1, 1), Grain.MONTH
    return replace(question, period=Period(first, question.period.until), grain=grain)


def year_until_then(question: Question) -> Question:
    """Ask about the year up to the end of the period: for what is counted only after a while."""
    until = question.period.until
    return replace(question, period=Period(until - YEAR, until), grain=None)
