"""What a figure says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from os_events.kpis.figure import Unit

SCALE = {Unit.RATE: (100, Decimal("0.1")), Unit.RATIO: (1, Decimal("0.1"))}
WHOLE = (1, Decimal(1))


@dataclass(frozen=True, slots=True)
class Group:
    """A figure for one period and one value of each dimension that it was asked by.

    Shape: ``cases`` is how many count; ``p50`` and ``p90`` are nearest-rank over their numerators,
    for durations and money; ``left_out`` tells, by reason, how many do not count; ``flows`` are the
    figure's own sums. Unit: that of the figure: seconds, centavos, or orders.
    """

    period: date | None
    values: Mapping[str, str | None]
    numerator: int = 0
    denominator: int = 0
    cases: int = 0
    p50: int | None = None
    p90: int | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    flows: Mapping[str, int] = field(default_factory=dict)

    def value(self, unit: Unit) -> Decimal | None:
        """Give the figure, rounded half up; None over an empty denominator."""
        if unit is Unit.COUNT:
            return Decimal(self.numerator)
        if self.denominator == 0:
            return None
        factor, places = SCALE.get(unit, WHOLE)
        exact = Decimal(self.numerator * factor) / self.denominator
        return exact.quantize(places, ROUND_HALF_UP)


def shares(groups: Sequence[Group], part: str) -> list[Group]:
    """Hold each part against the denominator of all of them; what is in no part is left out."""
    whole: Counter[tuple[object, ...]] = Counter()
    for group in groups:
        whole[beside(group, part)] += group.denominator
    return [
        replace(group, denominator=whole[beside(group, part)])
        for group in groups
        if group.numerator
    ]


def beside(group: Group, part: str) -> tuple[object, ...]:
    """Say what parts of the same whole have in common."""
    return group.period, *(value for name, value in group.values.items() if name != part)


@dataclass(frozen=True, slots=True)
class Case:
    """One order, or one thing of it, behind a number.

    Shape: ``state`` None if it counts, else why not; ``at`` is its anchor.
    """

    order_id: UUID
    order_number: str
    number: int
    at: datetime
    series: str | None
    numerator: int
    denominator: int
    state: str | None
