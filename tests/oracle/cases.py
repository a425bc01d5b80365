"""What every figure is made of, and how it is added up: by period and by what orders were."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from os_events.aggregates.base import DomainEvent
from os_events.kpis.answer import Group
from os_events.kpis.figure import Anchor, Figure, Unit
from os_events.kpis.question import Dimension, Grain, Question
from tests.oracle.orders import Order, orders

DAY = timedelta(days=1)


class Case(NamedTuple):
    """One order, or one thing of it. Shape: ``state`` says why it does not count; None if it does.

    Its ``anchor`` puts it into a period, and says as of when the order's traits are taken, unless
    ``traits_at`` does; ``technician`` is who is meant, where the figure says so itself.
    """

    order: Order
    anchor: datetime
    numerator: int
    denominator: int = 1
    series: str | None = None
    state: str | None = None
    flows: Mapping[str, int] = {}
    technician: str | None = None
    traits_at: datetime | None = None


class Asked(NamedTuple):
    """What a figure is asked for: all orders as of ``at``, and the instants of a period."""

    orders: list[Order]
    at: datetime
    starts_at: datetime
    ends_at: datetime


Cases = Callable[[Asked], Iterable[Case]]


def answer(
    figure: Figure, cases: Cases, question: Question, events: list[DomainEvent]
) -> dict[Any, Group]:
    """Give a figure's groups, by period and values."""
    found: dict[Any, list[Case]] = defaultdict(list)
    for first, case in placed(figure, cases, question, events):
        traits = traits_of(figure, case) if question.by or question.where else {}
        if is_wanted(figure, question, traits):
            period = first if question.grain else None
            told = only_parts(figure, question, case)
            found[(period, *(traits[one] for one in question.by))].append(told)
    groups = {key: added(figure, question, key, of_one) for key, of_one in found.items()}
    is_shared = figure.of_whole and Dimension.SERIES in question.by
    return shared(groups) if is_shared else groups


def is_wanted(figure: Figure, question: Question, traits: Mapping[str, str | None]) -> bool:
    """Say whether a case passes the filters; parts of a whole do not."""
    filters = [one for one in question.where if not (figure.of_whole and one is Dimension.SERIES)]
    return all((traits[one] or "") in question.where[one] for one in filters)


def only_parts(figure: Figure, question: Question, case: Case) -> Case:
    """Count of a whole only the parts asked for."""
    parts = question.where.get(Dimension.SERIES) if figure.of_whole else None
    return case if parts is None or (case.series or "") in parts else case._replace(numerator=0)


def shared(groups: dict[Any, Group]) -> dict[Any, Group]:
    """Hold the parts of a rate against the whole of their period and other values."""
    found = {}
    for key, group in groups.items():
        whole = [other.denominator for other in groups.values() if beside(other) == beside(group)]
        if group.numerator:
            found[key] = replace(group, denominator=sum(whole))
    return found


def beside(group: Group) -> Any:
    return group.period, {name: one for name, one in group.values.items() if name != "series"}


def traits_of(figure: Figure, case: Case) -> dict[str, str | None]:
    """Say what an order was, by the names of the dimensions, and what the figure says of it."""
    told = case.order.traits(case.traits_at or case.anchor)
    if figure.of_technicians:
        told["technician"] = case.technician
    return told | {"series": None if figure.of_technicians else case.series, "state": case.state}


def placed(
    figure: Figure, cases: Cases, question: Question, events: list[DomainEvent]
) -> Iterable[tuple[date, Case]]:
    """Give each case with the first day of the period that it is in."""
    if figure.anchor is Anchor.FACT:
        ever = question.as_of + DAY
        asked = Asked(orders(events, question.as_of, ever), question.as_of, ever, ever)
        in_order = list(periods(question))
        for case in cases(asked):
            day = case.order.day(case.anchor)
            for first, until in in_order:
                if first <= day < until:
                    yield first, case
        return
    for first, until in periods(question):
        starts_at, ends_at = midnight(first, question.zone), midnight(until, question.zone)
        if question.grain and starts_at > question.as_of:
            continue
        before = ends_at if figure.anchor is Anchor.INSTANT else question.as_of + DAY
        at = min(question.as_of, before)
        for case in cases(Asked(orders(events, question.as_of, before), at, starts_at, ends_at)):
            yield first, case


def periods(question: Question) -> Iterable[tuple[date, date]]:
    """Cut the period asked for into those of its grain."""
    first, day = question.period.first, question.period.first
    while day < question.period.until:
        day += DAY
        if day == question.period.until or begins(question.grain, day):
            yield first, day
            first = day


def begins(grain: Grain | None, day: date) -> bool:
    """Say whether a day, week, month or quarter begins on a day."""
    return {
        None: False,
        Grain.DAY: True,
        Grain.WEEK: day.weekday() == 0,
        Grain.MONTH: day.day == 1,
        Grain.QUARTER: day.day == 1 and day.month in {1, 4, 7, 10},
    }[grain]


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone))


def added(figure: Figure, question: Question, key: tuple[Any, ...], cases: list[Case]) -> Group:
    """Add up the cases of one group."""
    counted = [case for case in cases if case.state is None]
    numbers = sorted(case.numerator for case in counted)
    told = figure.unit in {Unit.DURATION, Unit.MONEY}
    states = [case.state for case in cases if case.state]
    return Group(
        period=key[0],
        values=dict(zip(map(str, question.by), key[1:], strict=True)),
        numerator=sum(numbers),
        denominator=sum(case.denominator for case in counted),
        cases=len(counted),
        p50=nearest_rank(numbers, 50) if told else None,
        p90=nearest_rank(numbers, 90) if told else None,
        left_out={state: states.count(state) for state in states},
        flows={flow: sum(case.flows.get(flow, 0) for case in cases) for flow in figure.flows},
    )


def nearest_rank(numbers: list[int], per_cent: int) -> int | None:
    """Give the value at place ⌈p·n⌉ of a sorted list."""
    return numbers[math.ceil(per_cent * len(numbers) / 100) - 1] if numbers else None
