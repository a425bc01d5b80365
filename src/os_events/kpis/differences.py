"""Why a figure is not what it was known to be: cases that differ."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from os_events.kpis.answer import Case
from os_events.kpis.asking import Figures
from os_events.kpis.figure import Figure
from os_events.kpis.question import Question
from os_events.kpis.statements import compared


@dataclass(frozen=True, slots=True)
class Difference:
    """One case as it was known and as it is known; None where there was, or is, none."""

    order_id: UUID
    order_number: str
    then: Case | None
    now: Case | None


def differences(
    figures: Figures, figure: Figure, then: Question, now: Question, limit: int
) -> list[Difference]:
    """List the cases that differ between two answers. Raises UnavailableError."""
    query, values = compared(figure, then, now)
    records = figures.records(query, values | {"limit": limit})
    return [difference(one[0], one[1], one[2:8], one[8:]) for one in records]


def difference(
    order_id: UUID, order_number: str, then: tuple[Any, ...], now: tuple[Any, ...]
) -> Difference:
    """Make a difference of a record."""
    before, after = (
        None if number is None else Case(order_id, order_number, number, *rest)
        for number, *rest in (then, now)
    )
    return Difference(order_id, order_number, before, after)
