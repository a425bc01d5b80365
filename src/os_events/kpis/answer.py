"""What a figure says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
