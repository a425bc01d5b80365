"""What somebody may see of the figures, whoever shows them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from os_events.errors import ForbiddenError
from os_events.kpis.answer import Group
from os_events.kpis.asking import Figures
from os_events.kpis.figure import Figure
from os_events.kpis.question import Dimension, Question
from os_events.values.acts import Role
from os_events.values.principal import Principal

FEWEST = 5  # cases that a group has in which nobody is to be recognised
EMPTY = Group(None, {})


@dataclass(frozen=True, slots=True)
class Seen:
    """A figure as somebody may see it.

    Shape: ``total`` is the figure of the whole period and all groups; None if it may not be told.
    ``hidden`` is how many groups are not among ``groups``, for they have too few cases.
    """

    groups: list[Group]
    total: Group | None
    hidden: int = 0


def seen(
    figures: Figures, figure: Figure, question: Question, principal: Principal | None = None
) -> Seen:
    """Ask for a figure and its total; ``principal`` None is whoever runs the system.

    Raises: ForbiddenError, UnavailableError.
    """
    asked = within(question, principal)
    groups = figures.ask(figure, asked)
    whole = groups if asked == asked.whole() else figures.ask(figure, asked.whole())
    told = Seen(groups, whole[0] if whole else EMPTY)
    return only_many(told) if sees_no_people(principal) else told


def within(question: Question, principal: Principal | None) -> Question:
    """Keep to the asker's units, and a technician to their own orders. Raises ForbiddenError."""
    if principal is None:
        return question
    if sees_no_people(principal) and Dimension.TECHNICIAN in (*question.by, *question.where):
        raise ForbiddenError("figures are not told by technician to this role")
    if principal.units is not None:
        question = kept_to(question, Dimension.UNIT, set(map(str, principal.units)))
    if principal.actor.role is Role.TECHNICIAN:
        question = kept_to(question, Dimension.TECHNICIAN, {principal.actor.id})
    return question


def kept_to(question: Question, dimension: Dimension, allowed: Collection[str]) -> Question:
    """Filter by what is allowed. Raises ForbiddenError where something else is asked for."""
    chosen = question.where.get(dimension, ())
    if not set(chosen) <= set(allowed):
        raise ForbiddenError(f"not every {dimension} that was asked for may be seen")
    kept = chosen or tuple(sorted(allowed))
    return replace(question, where={**question.where, dimension: kept})


def sees_no_people(principal: Principal | None) -> bool:
    """Say whether somebody sees figures only: nobody in them, and no groups of a few."""
    return principal is not None and principal.actor.role is Role.FIGURES


def only_many(told: Seen) -> Seen:
    """Leave out groups of a few, and a total from which the rest tells them."""
    shown = [group for group in map(without_few, told.groups) if group is not None]
    cases = cases_in(told.groups) - cases_in(shown)
    total = told.total and without_few(told.total)
    return Seen(
        groups=shown,
        total=total if cases == 0 or cases >= FEWEST else None,
        hidden=len(told.groups) - len(shown),
    )


def without_few(group: Group) -> Group | None:
    """Give a group without reasons that a few cases have; None if it is itself of a few."""
    reasons = {reason: n for reason, n in group.left_out.items() if n >= FEWEST}
    if 0 < group.cases < FEWEST or (group.cases == 0 and group.left_out and not reasons):
        return None
    return replace(group, left_out=reasons)


def cases_in(groups: Sequence[Group]) -> int:
    """Count the cases that count."""
    return sum(group.cases for group in groups)
