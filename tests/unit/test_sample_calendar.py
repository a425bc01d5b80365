from datetime import UTC, datetime, timedelta

import pytest

from os_events.cli.sample.calendar import Calendar

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)


def test_yesterday_is_saturday_on_a_monday() -> None:
    calendar = Calendar(MONDAY, "America/Sao_Paulo")

    assert calendar.at(1, "09:00") == datetime(2026, 2, 28, 12, tzinfo=UTC)


def test_a_day_is_that_of_the_place() -> None:
    late_evening = Calendar(datetime(2026, 3, 4, 2, tzinfo=UTC), "America/Sao_Paulo")

    assert late_evening.at(1, "09:00") == datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("days", range(1, 15))
def test_the_days_of_the_sample_are_no_sundays(days: int) -> None:
    calendar = Calendar(MONDAY, "America/Sao_Paulo")

    assert calendar.at(days, "09:00").strftime("%a") != "Sun"


def test_today_is_counted_in_minutes() -> None:
    assert Calendar(MONDAY, "UTC").ago(8) == MONDAY - timedelta(minutes=8)
