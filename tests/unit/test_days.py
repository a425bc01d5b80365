"""Counting time, by the vectors of the rules."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from os_events.values.company import Unit
from os_events.values.days import (
    NATIONAL,
    Calendar,
    Deadline,
    DeadlineKind,
    Direction,
    Place,
    Term,
    TermUnit,
    day_of,
    end_of,
    months_after,
)

SAO_PAULO, MANAUS = "America/Sao_Paulo", "America/Manaus"
DAYS, BUSINESS, MONTHS = TermUnit.CALENDAR_DAYS, TermUnit.BUSINESS_DAYS, TermUnit.MONTHS
RIGHT, OBLIGATION = Direction.RIGHT, Direction.OBLIGATION
KEPT = Term(10 * 12 + 6, MONTHS)
VECTORS = [
    ("2026-09-02", Term(10, DAYS), (RIGHT, SAO_PAULO), "2026-09-14", "2026-09-15T03:00Z"),
    ("2026-10-02", Term(10, DAYS), (RIGHT, SAO_PAULO), "2026-10-13", "2026-10-14T03:00Z"),
    ("2026-10-06", Term(10, DAYS), (RIGHT, SAO_PAULO), "2026-10-16", "2026-10-17T03:00Z"),
    ("2026-08-31", Term(7, DAYS), (RIGHT, SAO_PAULO), "2026-09-08", "2026-09-09T03:00Z"),
    ("2026-09-11", Term(30, DAYS), (OBLIGATION, SAO_PAULO), "2026-10-11", "2026-10-12T03:00Z"),
    ("2026-11-13", Term(10, BUSINESS), (OBLIGATION, SAO_PAULO), "2026-11-30", "2026-12-01T03:00Z"),
    ("2026-10-08", Term(5, BUSINESS), (OBLIGATION, SAO_PAULO), "2026-10-16", "2026-10-17T03:00Z"),
    ("2026-12-23", Term(3, BUSINESS), (OBLIGATION, SAO_PAULO), "2026-12-29", "2026-12-30T03:00Z"),
    ("2026-09-08", Term(90, DAYS), (RIGHT, SAO_PAULO), "2026-12-07", "2026-12-08T03:00Z"),
    ("2026-09-08", Term(180, DAYS), (RIGHT, SAO_PAULO), "2027-03-08", "2027-03-09T03:00Z"),
    ("2026-09-08", KEPT, (OBLIGATION, SAO_PAULO), "2037-03-08", "2037-03-09T03:00Z"),
    ("2026-08-31", KEPT, (OBLIGATION, SAO_PAULO), "2037-03-01", "2037-03-02T03:00Z"),
    ("2026-09-02", Term(10, DAYS), (RIGHT, MANAUS), "2026-09-14", "2026-09-15T04:00Z"),
]
UNIT = Unit(
    id=UUID(int=1),
    name="Centro",
    zone=SAO_PAULO,
    uf="SP",
    municipality="3550308",
    address="Rua Direita, 1",
    phone="+551132220000",
    holidays=(date(2026, 1, 26),),
)


@pytest.mark.parametrize(("start", "term", "reading", "last", "due"), VECTORS)
def test_a_term_ends_where_the_rules_say(
    start: str, term: Term, reading: tuple[Direction, str], last: str, due: str
) -> None:
    direction, zone = reading
    place = Place(zone, NATIONAL)
    kind = DeadlineKind("DL-00", "T1", direction)
    afternoon = datetime.fromisoformat(f"{start}T17:00Z")

    counted = place.deadline(kind, term, afternoon, UUID(int=7))

    assert day_of(counted.due_at - timedelta.resolution, zone) == date.fromisoformat(last)
    assert counted.due_at == datetime.fromisoformat(due)


def test_a_deadline_is_recorded_in_full() -> None:
    place = Place.of(SAO_PAULO, UNIT)
    kind = DeadlineKind("DL-01", "Q3", RIGHT)
    start = datetime(2026, 9, 2, 17, tzinfo=UTC)

    counted = place.deadline(kind, Term(10, DAYS), start, UUID(int=7))

    assert counted == Deadline(
        deadline_id=f"{UUID(int=7)}:DL-01",
        code="DL-01",
        rule_id="Q3",
        rule_version=1,
        start_at=start,
        due_at=datetime(2026, 9, 15, 3, tzinfo=UTC),
        amount=10,
        unit=DAYS,
        zone=SAO_PAULO,
        calendar_id="BR-SP-3550308",
        calendar_version=Calendar.of_unit(UNIT).version,
        direction=RIGHT,
        warn_at=(),
    )


def test_a_deadline_that_was_set_is_counted_by_no_calendar() -> None:
    place = Place.of(SAO_PAULO, UNIT)
    start, due = datetime(2026, 9, 2, 17, tzinfo=UTC), datetime(2026, 9, 12, 3, tzinfo=UTC)

    kept = place.deadline_at(DeadlineKind("DL-03", "Q10", OBLIGATION), due, start, UUID(int=7))

    assert (kept.due_at, kept.unit, kept.calendar_id) == (due, TermUnit.DATE, None)


HOLIDAYS = {
    "national": ("2026-09-07", False),
    "20 November since 2024": ("2026-11-20", False),
    "20 November before 2024": ("2023-11-20", True),
    "of the state": ("2026-07-09", False),
    "of the town": ("2026-01-26", False),
    "Carnival is optional": ("2026-02-17", True),
    "Corpus Christi is optional": ("2026-06-04", True),
    "Saturday": ("2026-09-12", False),
    "Sunday": ("2026-09-13", False),
    "any Monday": ("2026-09-14", True),
}


@pytest.mark.parametrize(("day", "counts"), HOLIDAYS.values(), ids=HOLIDAYS)
def test_a_business_day_is_a_weekday_that_is_no_holiday(day: str, counts: bool) -> None:  # noqa: FBT001 - a column
    calendar = Calendar.of_unit(UNIT)

    assert calendar.is_business_day(date.fromisoformat(day)) is counts


MONTH_ENDS = [
    ("2026-01-31", 1, "2026-03-01"),
    ("2028-01-31", 1, "2028-03-01"),
    ("2028-01-29", 1, "2028-02-29"),
    ("2026-10-31", 1, "2026-12-01"),
    ("2026-12-31", 1, "2027-01-31"),
    ("2028-02-29", 12, "2029-03-01"),
]


@pytest.mark.parametrize(("start", "amount", "last"), MONTH_ENDS)
def test_a_month_ends_on_its_number_or_on_the_day_after(start: str, amount: int, last: str) -> None:
    ends = months_after(date.fromisoformat(start), amount, NATIONAL)

    assert ends == date.fromisoformat(last)


DAY_ENDS = [
    ("2026-09-14", SAO_PAULO, "2026-09-15T03:00Z"),
    ("2026-09-14", MANAUS, "2026-09-15T04:00Z"),
    ("2018-12-31", SAO_PAULO, "2019-01-01T02:00Z"),  # there was daylight saving
    ("2018-11-03", SAO_PAULO, "2018-11-04T03:00Z"),  # that night had no midnight
]


@pytest.mark.parametrize(("day", "zone", "instant"), DAY_ENDS)
def test_a_day_ends_at_midnight_of_its_place(day: str, zone: str, instant: str) -> None:
    assert end_of(date.fromisoformat(day), zone) == datetime.fromisoformat(instant)
