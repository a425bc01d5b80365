"""When what failed is tried again."""

from datetime import timedelta

import pytest

from os_events.messaging.webhooks.schedule import GIVEN_UP, PAUSES, asked_for, pause
from tests.support import NOON

SECONDS = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]


def middle() -> float:
    return 0.5


@pytest.mark.parametrize(("attempt", "seconds"), [*enumerate(SECONDS, 1), (10, 86400), (99, 86400)])
def test_each_pause_is_longer_until_it_is_a_day(attempt: int, seconds: int) -> None:
    assert pause(attempt, middle) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("drawn", "seconds"), [(0.0, 270), (0.5, 300), (1.0, 330)])
def test_a_pause_is_a_tenth_longer_or_shorter_by_chance(drawn: float, seconds: int) -> None:
    assert pause(2, lambda: drawn) == timedelta(seconds=seconds)


def test_the_planned_attempts_end_before_an_endpoint_is_given_up() -> None:
    assert sum(PAUSES, timedelta(0)) * 1.1 < GIVEN_UP


@pytest.mark.parametrize(
    ("asked", "seconds"), [(timedelta(seconds=2), 5), (timedelta(hours=1), 3600)]
)
def test_a_receiver_may_ask_for_a_longer_pause_and_not_for_a_shorter_one(
    asked: timedelta, seconds: int
) -> None:
    assert pause(1, middle, asked) == timedelta(seconds=seconds)


def test_nobody_may_ask_for_more_than_a_day() -> None:
    assert pause(1, middle, timedelta(days=400)) == timedelta(days=1)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 02 Mar 2026 15:01:00 GMT", 60),
        ("Mon, 02 Mar 2026 14:00:00 GMT", 0),
        ("Mon, 02 Mar 2026 15:01:00 -0000", 60),
        ("9" * 5000, 86400),
    ],
)
def test_retry_after_is_seconds_or_a_date(told: str, seconds: int) -> None:
    assert asked_for(told, NOON) == timedelta(seconds=seconds)


@pytest.mark.parametrize("told", [None, "", "soon", "-1", "1.5", "²", "Mon, 99 Mar 2026"])
def test_what_is_neither_is_left_out(told: str | None) -> None:
    assert asked_for(told, NOON) is None
