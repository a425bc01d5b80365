"""The bottleneck of a period: of what filled up, what took the most time (kpis.md 2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from os_events.aggregates.status import Category, OrderStatus
from os_events.kpis.answer import Group
from os_events.kpis.figure import Words
from os_events.kpis.question import Dimension

SERIES = str(Dimension.SERIES)
DONE = {str(one) for one in OrderStatus if one.category is Category.DONE}
TENTH = Decimal("0.1")
MEANING = Words(
    "O gargalo de um período é, entre as etapas em que entraram mais ordens do que saíram, a que "
    "tomou mais tempo; no empate, a de maior p90. Se nenhuma encheu, não há gargalo, e a que tomou "
    "mais tempo é a maior espera. Etapas de ordens concluídas ficam à parte.",
    "The bottleneck of a period is, of the statuses that more orders came into than left, the one "
    "that took the most time; of equals, the one with the larger p90. Where none filled up there "
    "is no bottleneck, and the one that took the most time is the longest wait. Statuses of orders "
    "that are done are told apart.",
)


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Where orders got stuck.

    Shape: ``status`` None if nothing filled up; ``longest_wait`` took the most time, whether or not
    it filled up. ``stages`` are in order of their time, longest first; ``done`` likewise, those in
    which the work is done and the customer is waited for.
    """

    status: str | None
    longest_wait: str | None
    stages: tuple[Group, ...]
    done: tuple[Group, ...]

    def share(self, group: Group) -> Decimal:
        """Give its part of the time in all statuses. Unit: per cent, one decimal."""
        total = sum(one.numerator for one in (*self.stages, *self.done))
        return (Decimal(100 * group.numerator) / max(total, 1)).quantize(TENTH, ROUND_HALF_UP)


def bottleneck(groups: Iterable[Group]) -> Bottleneck:
    """Find it in the answer of ``time_in_state`` for one period, asked by status."""
    ordered = sorted(groups, key=lambda one: (one.numerator, one.p90 or 0), reverse=True)
    done = tuple(one for one in ordered if is_done(one))
    stages = tuple(one for one in ordered if not is_done(one))
    filling = (one for one in stages if balance(one) > 0)
    return Bottleneck(
        status=named(next(filling, None)),
        longest_wait=named(next(iter(stages), None)),
        stages=stages,
        done=done,
    )


def balance(group: Group) -> int:
    """Say how many more orders came into a status than left it."""
    return group.flows["entries"] - group.flows["exits"]


def is_done(group: Group) -> bool:
    """Say whether the work is done in a status, and so nothing of ours is in the way."""
    return group.values[SERIES] in DONE


def named(group: Group | None) -> str | None:
    """Name the status of a group."""
    return group.values[SERIES] if group else None
