"""What comes back hardly by chance stands out, and small numbers are quiet."""

from math import comb

import pytest

from os_events.kpis.answer import Group
from os_events.kpis.recurrence import at_least, recurrences

HOUSE = Group(None, {}, 50, 1000, 1000)  # 5 %


def of(model: str | None, returned: int, done: int) -> Group:
    return Group(None, {"model": model}, returned, done, done)


def test_one_return_of_one_order_is_quiet_and_many_of_many_stand_out() -> None:
    found = recurrences([of("A", 1, 1), of("B", 12, 80), of("C", 4, 80), of(None, 9, 9)], HOUSE)

    assert [(one.what, one.returned, one.of, one.stands_out) for one in found] == [
        ("B", 12, 80, True),
        ("A", 1, 1, False),
        ("C", 4, 80, False),
    ]


def test_two_returns_are_quiet_however_unlikely() -> None:
    rare = Group(None, {}, 2, 10_000, 10_000)

    [found] = recurrences([of("A", 2, 2)], rare)

    assert found.chance < 0.01
    assert not found.stands_out


@pytest.mark.parametrize(("returned", "done"), [(0, 5), (1, 1), (3, 20), (20, 20)])
def test_the_chance_of_so_many_or_more_is_that_of_a_binomial(returned: int, done: int) -> None:
    exact = sum(comb(done, n) * 0.05**n * 0.95 ** (done - n) for n in range(returned, done + 1))

    assert at_least(returned, done, HOUSE) == pytest.approx(exact)


@pytest.mark.parametrize(
    ("whole", "chance"),
    [(Group(None, {}, 0, 10), 0.0), (Group(None, {}, 10, 10), 1.0), (Group(None, {}), 0.0)],
    ids=["nothing returns", "all returns", "nothing was done"],
)
def test_where_the_house_has_no_rate_between_none_and_all_chance_is_certain(
    whole: Group, chance: float
) -> None:
    assert at_least(1, 1, whole) == chance
