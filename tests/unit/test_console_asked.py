from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from os_events.console.asked import NO_VALUE, SHOWN, Asked, until_then, year_until_then
from os_events.kpis.question import Dimension, Grain, Period

ZONE = "America/Sao_Paulo"
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def test_who_asks_for_nothing_sees_the_last_thirty_days_by_week() -> None:
    question = Asked().question(ZONE, NOW)

    assert question.period == Period(date(2026, 10, 26), date(2026, 11, 25))
    assert (question.grain, question.as_of) == (Grain.WEEK, NOW)


def test_as_of_a_day_gone_by_the_last_thirty_days_are_those_before_it() -> None:
    question = Asked(as_of="2026-03-31T23:30").question(ZONE, NOW)

    assert question.period == Period(date(2026, 3, 2), date(2026, 4, 1))


def test_the_last_day_counts() -> None:
    asked = Asked.model_validate({"first": "2026-10-01", "last": "2026-10-31"})

    assert asked.period(date(2026, 11, 24)) == Period(date(2026, 10, 1), date(2026, 11, 1))


def test_a_grain_too_fine_for_its_period_is_a_month() -> None:
    period = Period(date(2020, 1, 1), date(2026, 1, 1))

    assert Asked(grain=Grain.DAY).grain_for(period) is Grain.MONTH
    assert Asked(grain=Grain.QUARTER).grain_for(period) is Grain.QUARTER
    assert Asked(grain="whole").grain_for(period) is None


def test_what_was_known_then_is_asked_as_of_then() -> None:
    asked = Asked(known_at="2026-11-03T09:00")

    as_of, known_at = asked.clocks(ZONE, NOW)

    assert as_of == known_at == datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_nothing_is_asked_of_what_has_not_happened() -> None:
    asked = Asked(as_of="2030-01-01T00:00", known_at="2030-01-01T00:00")

    assert asked.clocks(ZONE, NOW) == (NOW, None)


def test_a_link_keeps_the_question() -> None:
    asked = Asked.model_validate({"first": "2026-10-01", "last": "2026-10-31", "type": ""})

    link = asked.link("/indicadores", series="8-15", last=None)

    assert link == "/indicadores?first=2026-10-01&series=8-15"


def test_every_dimension_can_be_filtered_by_also_where_there_is_no_value() -> None:
    asked = Asked.model_validate(dict.fromkeys(set(Dimension) - {Dimension.UNIT}, NO_VALUE))

    assert asked.where() == dict.fromkeys(set(Dimension) - {Dimension.UNIT}, ("",))


@pytest.mark.parametrize(
    "query",
    [
        {"first": "2026-10-02", "last": "2026-10-01"},
        {"first": "2001-01-01", "last": "2026-01-01"},
        {"first": "0001-01-01"},
        {"last": "9999-12-31"},
        {"by": "weather"},
        {"series": "\x00"},
    ],
    ids=str,
)
def test_what_cannot_be_shown_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Asked.model_validate(query)


def test_how_a_figure_went_is_told_up_to_the_end_of_the_period() -> None:
    by_week = Asked().question(ZONE, NOW)
    by_month = Asked(grain=Grain.MONTH).question(ZONE, NOW)

    weeks, months = until_then(by_week), until_then(by_month)

    assert (len(weeks.periods()), weeks.period.first) == (SHOWN, date(2026, 10, 5))
    assert (len(months.periods()), months.period.first) == (SHOWN, date(2026, 4, 1))
    assert weeks.period.until == months.period.until == date(2026, 11, 25)


def test_what_ripens_slowly_is_asked_for_a_year() -> None:
    question = year_until_then(Asked().question(ZONE, NOW))

    assert question.period == Period(date(2025, 11, 25), date(2026, 11, 25))
