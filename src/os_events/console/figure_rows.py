"""The numbers of a figure as rows of a table, each with the address of what is behind it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple, Self

from os_events.console.asked import NO_VALUE, Asked
from os_events.console.charts import HUNDRED, Chart, Point, chart, scale_of, share
from os_events.console.figure_words import Telling
from os_events.kpis.answer import Group
from os_events.kpis.figure import Figure, Unit
from os_events.kpis.question import Dimension, Period, Question
from os_events.values.days import DAY
from os_events.values.words import NOTHING

NOTHING_CHOSEN: Mapping[str, str] = {}
Chosen = Mapping[str, str]  # of the fields of ``Asked``
Found = Mapping[tuple[Any, str | None], Group]  # by first day of the period, and by value


class Row(NamedTuple):
    """One group in words.

    Shape: ``number`` is its value, to be drawn; ``href`` leads to the cases that count, the last
    to all of them.
    """

    label: str
    brief: str
    number: Decimal | None
    value: str
    numerator: str
    group: Group
    p50: str
    p90: str
    href: str
    left_out_href: str

    @property
    def left_out(self) -> int:
        """Count what does not count."""
        return sum(self.group.left_out.values())


class Behind(NamedTuple):
    """Which cases are behind a number: of which period, and which values."""

    period: Period | None = None
    chosen: Chosen = NOTHING_CHOSEN


@dataclass(frozen=True)
class Sheet:
    """One figure, asked once, for one page."""

    figure: Figure
    asked: Asked
    question: Question
    telling: Telling

    def row(self, label: str, group: Group | None, behind: Behind, brief: str = "") -> Row:
        """Put a group into words; a group that nobody gave is an empty one."""
        group = group or Group(None, {})
        number, figure = group.value(self.figure.unit), self.figure
        amount = self.telling.amount
        return Row(
            label,
            brief,
            number,
            self.telling.value(figure, number),
            amount(figure, group.numerator),
            group,
            amount(figure, group.p50),
            amount(figure, group.p90),
            self.behind(behind.period, {**behind.chosen, "state": NO_VALUE}),
            self.behind(behind.period, behind.chosen),
        )

    def behind(self, period: Period | None = None, chosen: Chosen = NOTHING_CHOSEN) -> str:
        """Give the address of the cases of a period, a value, or a reason not to count."""
        period = period or self.question.period
        days = {"first": period.first.isoformat(), "last": (period.until - DAY).isoformat()}
        path = f"/indicadores/{self.figure.name}/ordens"
        return self.asked.link(path, **days, grain=None, by=None, **chosen)

    def total(self, group: Group) -> Row:
        """Tell the whole period and all orders together."""
        return self.row(self.telling.speaker.text("figures.total"), group, Behind())

    def by_period(
        self, found: Found, value: str | None = None, chosen: Chosen = NOTHING_CHOSEN
    ) -> list[Row]:
        """Tell each period, also those in which there is nothing; a dash of one not begun."""
        grain, begun = self.question.grain, set(self.question.begun())
        rows = [
            self.row(
                self.telling.period(period, grain),
                found.get((period.first, value)),
                Behind(period, chosen),
                self.telling.label(period, grain),
            )
            for period in self.question.periods()
        ]
        return [
            row if row.group.cases or period in begun else row._replace(number=None, value=NOTHING)
            for row, period in zip(rows, self.question.periods(), strict=True)
        ]

    def by_value(self, dimension: Dimension, groups: Sequence[Group]) -> list[Row]:
        """Tell each value of a dimension, the largest first; parts in their own order."""
        parts = list(self.figure.parts) if dimension is Dimension.SERIES else []
        found = {group.values[dimension]: group for group in groups}
        present = [
            *(part for part in parts if part in found),
            *sorted(
                (value for value in found if value not in parts),
                key=lambda value: -(found[value].value(self.figure.unit) or Decimal(0)),
            ),
        ]
        return [
            self.row(
                self.telling.part(self.figure, dimension, value),
                found[value],
                Behind(chosen=choosing(dimension, value)),
            )
            for value in present
        ]

    def chart(self, rows: Sequence[Row], others: Iterable[Row] = ()) -> Chart:
        """Draw rows beside each other, in the scale of all that are to be compared."""
        top = HUNDRED if self.figure.unit is Unit.RATE else None
        scale = scale_of((row.number for row in [*rows, *others]), top)
        points = [Point(row.number, f"{row.label}: {row.value}", row.brief) for row in rows]
        return chart(points, scale)

    def widths(self, rows: Sequence[Row]) -> list[Decimal]:
        """Give the width of a bar for each row."""
        numbers = [max(row.number or Decimal(0), Decimal(0)) for row in rows]
        widest = HUNDRED if self.figure.unit is Unit.RATE else max(numbers, default=Decimal(0))
        return [share(number, widest) for number in numbers]

    def reasons(self, group: Group) -> Iterator[tuple[str, int, str]]:
        """Say why cases do not count: in words, how many, and where they are listed."""
        for state, count in sorted(group.left_out.items()):
            yield (
                self.telling.reason(self.figure, state),
                count,
                self.behind(chosen={"state": state}),
            )

    def of(self, question: Question) -> Self:
        """Tell another question to the same figure."""
        return replace(self, question=question)


def choosing(dimension: Dimension, value: str | None) -> dict[str, str]:
    """Say in an address which value of a dimension is meant."""
    return {dimension.value: value or NO_VALUE}


def found_by(groups: Iterable[Group], dimension: Dimension | None = None) -> Found:
    """Find groups by their period, and by their value of a dimension."""
    return {
        (group.period, group.values[dimension] if dimension else None): group for group in groups
    }
