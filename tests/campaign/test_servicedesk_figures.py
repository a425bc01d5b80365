"""600 incidents of a real service desk: our figures are the file's, to the second.

Needs ``--data FOLDER`` with servicedesk-2016.csv.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from os_events.kpis.answer import Group
from os_events.kpis.figure import Figure
from os_events.kpis.figures.backlog import BACKLOG
from os_events.kpis.figures.mttr_resolve import MTTR_RESOLVE
from os_events.kpis.figures.reopen_rate import REOPEN_RATE
from os_events.kpis.figures.tat_gross import TAT_GROSS
from os_events.kpis.figures.tat_net import TAT_NET
from os_events.kpis.figures.time_in_state import TIME_IN_STATE
from os_events.kpis.question import Dimension, Grain, Period, Question
from tests.campaign import servicedesk_figures as figured
from tests.campaign.desk import SAO_PAULO, UNTIL, Desk

KEYS: dict[Dimension | None, figured.Key] = {
    None: lambda *_: None,
    Dimension.PRIORITY: figured.Incident.priority,
    Dimension.DEPARTMENT: figured.Incident.group,
}
BY = pytest.mark.parametrize("by", KEYS)


def known(desk: Desk) -> list[figured.Incident]:
    return figured.incidents(figured.read(desk.path), UNTIL)


def dimensions(by: Dimension | None) -> tuple[Dimension, ...]:
    return (by,) if by else ()


def keyed(expected: dict[tuple[date, str | None], figured.Sums], by: Dimension | None) -> Any:
    """Leave out of a key what was not asked by."""
    return {(key if by else key[:1]): value for key, value in expected.items()}


def summed(groups: dict[Any, Group]) -> dict[Any, figured.Sums]:
    return {
        key: figured.Sums(one.numerator, one.denominator, one.p50, one.p90)
        for key, one in groups.items()
        if one.cases
    }


@BY
def test_the_time_to_resolution_is_the_files_to_the_second(
    desk: Desk, by: Dimension | None
) -> None:
    expected = keyed(figured.time_to_resolution(known(desk), KEYS[by]), by)

    found = summed(desk.asked(MTTR_RESOLVE, dimensions(by), grain=Grain.MONTH))

    print(f"by {by}: {found if not by else len(found)}")
    assert found == expected


@BY
@pytest.mark.parametrize("figure", [TAT_GROSS, TAT_NET], ids=lambda one: one.name)
def test_the_time_to_closing_is_the_files_to_the_second_with_and_without_the_customers(
    desk: Desk, by: Dimension | None, figure: Figure
) -> None:
    is_net = figure is TAT_NET
    expected = keyed(figured.time_to_closing(known(desk), KEYS[by], net=is_net), by)

    found = summed(desk.asked(figure, dimensions(by), grain=Grain.MONTH))

    print(f"{figure.name} by {by}: {found if not by else len(found)}")
    assert found == expected


@BY
def test_the_reopen_rate_is_the_files(desk: Desk, by: Dimension | None) -> None:
    rates = keyed(figured.reopen_rate(known(desk), KEYS[by], UNTIL), by)
    expected = {key: (one.total, one.n) for key, one in rates.items()}

    groups = desk.asked(REOPEN_RATE, dimensions(by), grain=Grain.MONTH)

    found = {key: (one.numerator, one.cases) for key, one in groups.items() if one.cases}
    print(f"by {by}: {found if not by else len(found)}")
    assert found == expected


@BY
def test_the_backlog_of_each_day_is_the_files(desk: Desk, by: Dimension | None) -> None:
    days = [UNTIL.date() - timedelta(days=n) for n in range(1, 106)]
    expected = {
        (day, *((what,) if by else ())): number
        for day in days
        for what, number in figured.backlog(known(desk), KEYS[by], day).items()
    }

    period = Period(days[-1], UNTIL.date())
    question = Question(period, UNTIL, str(SAO_PAULO), Grain.DAY, dimensions(by))
    groups = desk.figures.ask(BACKLOG, question)

    found = {(one.period, *one.values.values()): one.numerator for one in groups}
    print(f"by {by}: {len(found)} numbers, at most {max(found.values())}")
    assert found == expected


@BY
@pytest.mark.parametrize("month", [3, 4, 5, 6])
def test_the_time_in_each_state_is_the_files_to_the_second(
    desk: Desk, by: Dimension | None, month: int
) -> None:
    period = Period(date(2016, month, 1), date(2016, month + 1, 1))
    flows = figured.time_in_state(known(desk), KEYS[by], period, UNTIL)
    expected = {(None, *(key if by else key[:1])): flow for key, flow in flows.items()}

    question = Question(period, UNTIL, str(SAO_PAULO), by=(Dimension.SERIES, *dimensions(by)))
    groups = desk.figures.ask(TIME_IN_STATE, question)

    found = {
        (one.period, *one.values.values()): figured.Flow(
            figured.Sums(one.numerator, one.cases, one.p50, one.p90), **one.flows
        )
        for one in groups
    }
    print(f"{period.first:%Y-%m} by {by}: {found if not by else len(found)}")
    assert found == expected
