"""A period is held against Little's law."""

from datetime import timedelta

import pytest

from os_events.kpis.answer import Group
from os_events.kpis.flow_check import flow_check

DAY = 86400
MONTH = timedelta(days=30)


def of(numerator: int, denominator: int) -> Group:
    return Group(None, {}, numerator, denominator, denominator)


@pytest.mark.parametrize(
    ("days", "alarms"), [(3, True), (4, False), (6, False), (7, True)], ids=str
)
def test_a_period_is_out_of_balance_when_its_mean_time_is_not_what_its_stock_says(
    days: int, *, alarms: bool
) -> None:
    in_state = of(5 * 60 * DAY, 100)

    found = flow_check(in_state, of(60, 60), of(days * 60 * DAY, 60), MONTH)

    assert found is not None
    assert found.mean_wip == 10
    assert found.per_day == 2
    assert found.expected == 5 * DAY
    assert found.alarms is alarms


def test_a_period_with_few_closings_says_nothing() -> None:
    assert flow_check(of(DAY, 1), of(29, 29), of(DAY, 1), MONTH) is None


def test_a_period_without_turnaround_says_nothing() -> None:
    assert flow_check(of(DAY, 1), of(30, 30), of(0, 0), MONTH) is None
