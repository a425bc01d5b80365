"""What figures say, in words: amounts of each unit, parts, dimensions, reasons, periods."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date

from os_events.console.asked import NO_VALUE
from os_events.console.formats import LOCALES, Speaker
from os_events.console.naming import ids_in
from os_events.kpis.answer import Case, Group
from os_events.kpis.figure import Figure, Unit, Words
from os_events.kpis.question import Dimension, Grain, Period
from os_events.kpis.wording import part_said, reason_said
from os_events.values.company import Company
from os_events.values.days import DAY
from os_events.values.words import NOTHING

MINUTE, HOUR, WHOLE_DAY = 60, 3600, 86400  # seconds
IN_DAYS = 2 * WHOLE_DAY  # from here on a length is told in days
SHORT = {"pt": "dd/MM", "en": "d MMM"}
LONG = {"pt": "dd/MM/y", "en": "d MMM y"}


@dataclass(frozen=True)
class Telling:
    """Says figures to somebody."""

    speaker: Speaker
    company: Company

    def words(self, words: Words) -> str:
        """Say what is there in both languages."""
        return words.pt if self.speaker.language == "pt" else words.en

    def alone(self, words: str) -> str:
        """Let words stand by themselves."""
        return words[:1].upper() + words[1:]

    def value(self, figure: Figure, value: Decimal | None) -> str:
        """Say a figure as one reads it at a glance; a dash over an empty denominator."""
        if value is None:
            return NOTHING
        if figure.unit is Unit.DURATION:
            return length(int(value))
        if figure.unit is Unit.MONEY:
            return self.speaker.money(int(value))
        written = self.speaker.number(f"{value}")
        return f"{written}\u00a0%" if figure.unit is Unit.RATE else written

    def amount(self, figure: Figure, amount: int | None) -> str:
        """Say a sum or a percentile exactly."""
        if amount is None:
            return NOTHING
        if figure.unit is Unit.DURATION:
            return exactly(amount)
        is_money = figure.unit is Unit.MONEY or figure.of_money
        return self.speaker.money(amount) if is_money else str(amount)

    def denominator(self, figure: Figure, amount: int) -> str:
        """Say by what a sum is divided: mostly by how many cases there are."""
        return self.speaker.money(amount) if figure.of_money else str(amount)

    def scale(self, figure: Figure, end: Decimal) -> str:
        """Say what lies at an end of a scale: briefly."""
        whole = end.to_integral_value()
        return self.value(figure, whole if whole == end else end) if end else "0"

    def added(self, figure: Figure, case: Case) -> str:
        """Say what a case adds to the figure: whether it is in the numerator, or how much."""
        if figure.unit is Unit.RATE and case.denominator in (0, 1):
            return self.speaker.value(case.numerator > 0)
        if figure.unit in (Unit.RATE, Unit.RATIO):
            divided = self.denominator(figure, case.denominator)
            return f"{self.amount(figure, case.numerator)} ÷ {divided}"
        return self.amount(figure, case.numerator)

    def case(self, figure: Figure, case: Case | None) -> str:
        """Say a case as it was known: nothing if there was none."""
        if case is None:
            return ""
        part = self.part(figure, Dimension.SERIES, case.series) if case.series else ""
        said = [part, self.added(figure, case), self.speaker.at(case.at)]
        reason = self.reason(figure, case.state) if case.state else ""
        return " · ".join(one for one in [*said, reason] if one)

    def base(self, figure: Figure, group: Group) -> str:
        """Say of what numbers the figure is made."""
        if not group.cases:
            return self.speaker.text("figures.nothing")
        if figure.unit is Unit.COUNT:
            return ""
        divided = self.denominator(figure, group.denominator)
        said = f"{self.amount(figure, group.numerator)} ÷ {divided}"
        if group.p50 is None:
            return said
        p50, p90 = self.amount(figure, group.p50), self.amount(figure, group.p90)
        return f"{said} · p50 {p50} · p90 {p90}"

    def part(self, figure: Figure, dimension: Dimension, code: str | None) -> str:
        """Say a value of a dimension, or a part of the figure; what has no words, as it is."""
        if dimension is Dimension.STATE:
            return self.reason(figure, code or None)
        if code in (None, "", NO_VALUE):
            return self.speaker.text("figures.no_value")
        if dimension is Dimension.UNIT:
            return {str(one.id): one.name for one in self.company.units}.get(code, code)
        if dimension is Dimension.IMPORTED:
            return self.speaker.value(code == "true")
        if ids_in([code]):
            return self.speaker.person(code)
        return self.alone(self.words(part_said(figure, dimension, code)))

    def reason(self, figure: Figure, state: str | None) -> str:
        """Say why a case does not count, or that it does."""
        return self.words(reason_said(figure, state))

    def period(self, period: Period, grain: Grain | None) -> str:
        """Say a period: its month, its day, or its first and last day."""
        last = period.until - DAY
        if grain is Grain.MONTH:
            return self._date(period.first, "MMM y")
        if period.first == last:
            return self._date(last, LONG[self.speaker.language])
        of_one_year = period.first.year == last.year
        first = (SHORT if of_one_year else LONG)[self.speaker.language]
        return (
            f"{self._date(period.first, first)} – {self._date(last, LONG[self.speaker.language])}"
        )

    def label(self, period: Period, grain: Grain | None) -> str:
        """Say a period under its bar: briefly."""
        is_long = grain in (Grain.MONTH, Grain.QUARTER)
        return self._date(period.first, "MMM" if is_long else SHORT[self.speaker.language])

    def _date(self, day: date, pattern: str) -> str:
        return format_date(day, pattern, locale=LOCALES[self.speaker.language])

    def dimension(self, figure: Figure, dimension: Dimension) -> str:
        """Say what a dimension is called; the parts of a figure have a name of their own."""
        if dimension is Dimension.SERIES and figure.series:
            return self.words(figure.series)
        return self.speaker.value(dimension)


def length(seconds: int) -> str:
    """Say a length of time in its two largest units."""
    sign, left = ("-" if seconds < 0 else ""), abs(seconds)
    if left >= IN_DAYS:
        days, rest = divmod(left, WHOLE_DAY)
        return f"{sign}{days}\u00a0d {rest // HOUR}\u00a0h"
    if left >= HOUR:
        hours, rest = divmod(left, HOUR)
        return f"{sign}{hours}\u00a0h {rest // MINUTE}\u00a0min"
    if left >= MINUTE:
        return f"{sign}{left // MINUTE}\u00a0min"
    return f"{sign}{left}\u00a0s"


def exactly(seconds: int) -> str:
    """Say a length of time to the second: 98:23:20; to the minute where that is the same: 72:55."""
    sign, left = ("-" if seconds < 0 else ""), abs(seconds)
    hours, rest = divmod(left, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    return f"{sign}{hours}:{minutes:02}" + (f":{rest:02}" if rest else "")


def to_the_minute(seconds: int) -> str:
    """Say a length of time in hours and minutes, rounded half up: 608:00."""
    return exactly((seconds + MINUTE // 2) // MINUTE * MINUTE)
