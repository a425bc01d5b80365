"""What every figure is made of, and how it is added up: by period and by what orders were."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from os_events.aggregates.base import DomainEvent
from os_events.kpis.answer import Group
from os_events.kpis.figure import Anchor, Figure, Unit
from os_events.kpis.question import Grain, Question
from tests.oracle.orders import Order, orders

DAY = timedelta(days=1)


class Case(NamedTuple):
    """One order, or one thing of it. Shape: ``state`` says why it does not count; None if it does.

    Its ``anchor`` puts it into a period, and says as of when the order's traits are taken.
    """

    order: Order
    anchor: datetime
    numerator: int
    denominator: int = 1
    series: str | None = None
    state: str | None = None
    flows: Mapping[str, int] = {}


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
        traits = case.order.traits(case.anchor) | {"series": case.series}
        if all((traits[one] or "") in chosen for one, chosen in question.where.items()):
            period = first if question.grain else None
            found[(period, *(traits[one] for one in question.by))].append(case)
    return {key: added(figure, question, key, of_one) for key, of_one in found.items()}


def placed(
    figure: Figure, cases: Cases, question: Question, events: list[DomainEvent]
) -> Iterable[tuple[date, Case]]:
    """Give each case with the first day of the period that it is in."""
    if figure.anchor is Anchor.FACT:
        ever = question.as_of + DAY
        asked = Asked(orders(events, question.as_of, ever), question.as_of, ever, ever)
        for case in cases(asked):
            day = case.order.day(case.anchor)
            for first, until in periods(question):
                if first <= day < until:
                    yield first, case
        return
    for first, until in periods(question):
        starts_at, ends_at = midnight(first, question.zone), midnight(until, question.zone)
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
