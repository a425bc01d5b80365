"""What is asked of a figure, before it is asked."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from os_events.kpis.asked import Asked, UnknownFigureError, dimensions_of, figure_named
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.figures.backlog import BACKLOG
from os_events.kpis.figures.mttr_resolve import MTTR_RESOLVE
from os_events.kpis.question import Dimension, Grain, Period, UnaskableError
from tests.support import SAO_PAULO, UNIT

NOW = datetime(2026, 3, 2, 2, 59, tzinfo=UTC)  # still the first of March in São Paulo


def asked(**told: Any) -> Asked:
    """Given: what a request or a command says."""
    return Asked.model_validate({name.strip("_"): value for name, value in told.items()})


@pytest.mark.parametrize(
    ("told", "first", "until"),
    [
        ({}, date(2025, 4, 1), date(2026, 3, 2)),
        ({"to": "2026-02-01"}, date(2025, 2, 1), date(2026, 2, 1)),
        ({"from_": "2026-02-14"}, date(2026, 2, 14), date(2026, 3, 2)),
        ({"as_of": "2025-12-31T12:00:00Z"}, date(2025, 1, 1), date(2026, 1, 1)),
        ({"known_at": "2025-12-31T12:00:00Z"}, date(2025, 1, 1), date(2026, 1, 1)),
    ],
    ids=str,
)
def test_without_a_period_it_is_the_last_twelve_months(
    told: dict[str, str], first: date, until: date
) -> None:
    question = asked(**told).question(BACKLOG, NOW, SAO_PAULO)

    assert question.period == Period(first, until)


def test_parts_are_told_one_by_one_or_with_commas() -> None:
    question = asked(by=["month,priority", "unit", "unit"]).question(BACKLOG, NOW, SAO_PAULO)

    assert question.grain is Grain.MONTH
    assert question.by == (Dimension.PRIORITY, Dimension.UNIT)


@pytest.mark.parametrize("dimension", ["unit", "technician"])
def test_a_unit_and_a_technician_are_asked_for_by_their_id(dimension: str) -> None:
    with pytest.raises(ValidationError, match="not an id"):
        asked(**{dimension: ["Centro"]})


def test_an_id_is_the_same_however_it_is_written() -> None:
    question = asked(unit=[f"{{{UNIT}}}".upper()]).question(BACKLOG, NOW, SAO_PAULO)

    assert question.where == {Dimension.UNIT: (str(UNIT),)}


def test_every_dimension_can_be_a_filter() -> None:
    assert {one.value for one in Dimension} <= set(Asked.model_fields)


def test_a_filter_keeps_what_has_one_of_the_values() -> None:
    question = asked(priority=["high", "urgent"], technician=[""], imported=["false"]).question(
        BACKLOG, NOW, SAO_PAULO
    )

    assert question.where == {
        Dimension.PRIORITY: ("high", "urgent"),
        Dimension.TECHNICIAN: ("",),
        Dimension.IMPORTED: ("false",),
    }


def test_what_was_known_is_asked_as_of_then_unless_another_instant_is_told() -> None:
    then, before = "2026-02-03T12:00:00Z", "2026-02-01T12:00:00Z"

    alone = asked(known_at=then).question(BACKLOG, NOW, SAO_PAULO)
    both = asked(known_at=then, as_of=before).question(BACKLOG, NOW, SAO_PAULO)

    assert alone.as_of == datetime.fromisoformat(then)
    assert both.as_of == datetime.fromisoformat(before)


def test_a_figure_without_parts_is_not_asked_by_them() -> None:
    assert Dimension.SERIES in dimensions_of(BACKLOG)
    assert Dimension.SERIES not in dimensions_of(MTTR_RESOLVE)

    with pytest.raises(UnaskableError, match="told in no parts"):
        asked(by=["series"]).question(MTTR_RESOLVE, NOW, SAO_PAULO)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"from_": "2026-03-01", "to": "2026-03-01"}, "from: a day before"),
        ({"from_": "2015-01-01", "to": "2026-01-01"}, "3660 days"),
        ({"from_": "2025-01-01", "by": ["day"]}, "400 periods"),
        ({"by": ["day", "week"]}, "not several"),
        ({"as_of": "2026-03-02T03:00:00Z"}, "not later than now"),
        ({"as_of": "2026-03-01T00:00:00Z", "known_at": "2027-01-01T00:00:00Z"}, "not later"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(told: dict[str, Any], why: str) -> None:
    with pytest.raises(UnaskableError, match=why):
        asked(**told).question(BACKLOG, NOW, SAO_PAULO)


@pytest.mark.parametrize(
    "told",
    [
        {"by": ["weather"]},
        {"by": ["state"]},
        {"by": ["unit"] * 5},
        {"priority": ["hgih"]},
        {"technician": ["a\x00b"]},
        {"from_": "2026-02-30"},
        {"as_of": "2026-02-03T12:00:00"},
        {"weather": ["fine"]},
    ],
    ids=str,
)
def test_what_is_no_question_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        asked(**told)


def test_figures_are_found_by_name() -> None:
    assert [figure_named(name) for name in FIGURES] == list(FIGURES.values())

    with pytest.raises(UnknownFigureError, match="no figure is called weather"):
        figure_named("weather")
