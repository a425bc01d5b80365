"""What somebody may see of the figures, whoever shows them."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from os_events.errors import ForbiddenError
from os_events.kpis.answer import Group
from os_events.kpis.asking import Figures
from os_events.kpis.figure import Figure
from os_events.kpis.question import Dimension, Question
from os_events.kpis.statements import ORDERS
from os_events.values.acts import Role
from os_events.values.principal import Principal

FEWEST = 5  # orders that a group has in which nobody is to be recognised
EMPTY = Group(None, {})


@dataclass(frozen=True, slots=True)
class Seen:
    """A figure as somebody may see it.

    Shape: ``total`` is the figure of the whole period and all groups; None if it may not be told.
    ``hidden`` is how many groups are not among ``groups``, for they are of too few orders.
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
    told = told_to_all(figures, figure, asked)
    if not sees_no_people(principal):
        return told
    return only_many(told, told_to_all(figures, figure, asked, ORDERS))


def told_to_all(figures: Figures, figure: Figure, asked: Question, counted: str = "*") -> Seen:
    """Ask for groups and total, counting cases or ``ORDERS``."""
    groups = figures.ask(figure, asked, counted)
    whole = groups if asked == asked.whole() else figures.ask(figure, asked.whole(), counted)
    return Seen(groups, whole[0] if whole else EMPTY)


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


def only_many(told: Seen, counted: Seen) -> Seen:
    """Leave out what is told of a few orders, and of the total what would tell it."""
    orders = {key_of(group): group for group in counted.groups}
    crowds = [orders.get(key_of(group), EMPTY) for group in told.groups]
    found = [without_few(*one) for one in zip(told.groups, crowds, strict=True)]
    hidden = [crowd for group, crowd in zip(found, crowds, strict=True) if group is None]
    shown = [group for group in found if group is not None]
    untold = sum(crowd.cases for crowd in hidden)
    total = without_few(told.total or EMPTY, counted.total or EMPTY)
    if total and shown != told.groups:
        reasons = reasons_in(told.groups) - reasons_in(shown)
        left_out = {one: n for one, n in total.left_out.items() if not reasons[one]}
        total = replace(total, left_out=left_out)
    return Seen(shown, None if 0 < untold < FEWEST else total, len(hidden))


def without_few(group: Group, orders: Group) -> Group | None:
    """Give a group without reasons that a few orders have; None if it is itself of a few."""
    many = {one for one, n in orders.left_out.items() if n >= FEWEST}
    reasons = {one: n for one, n in group.left_out.items() if one in many}
    is_of_few = orders.cases < FEWEST if group.cases else group.left_out and not reasons
    return None if is_of_few else replace(group, left_out=reasons)


def reasons_in(groups: Iterable[Group]) -> Counter[str]:
    """Count why cases do not count."""
    return sum((Counter(group.left_out) for group in groups), Counter())


def key_of(group: Group) -> tuple[object, ...]:
    """Say which group it is."""
    return group.period, *group.values.values()
