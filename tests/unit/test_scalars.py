"""Scalars: their one form."""

import pytest
from pydantic import TypeAdapter, ValidationError

from os_events.values.scalars import Instant, PlausibleInstant, known_zone

INSTANTS: TypeAdapter[object] = TypeAdapter(Instant)
PLAUSIBLE: TypeAdapter[object] = TypeAdapter(PlausibleInstant)
WRITTEN = [
    ("2026-03-02T09:00-03:00", "2026-03-02T12:00:00.000000Z"),
    ("2026-03-02T12:00:00.000001Z", "2026-03-02T12:00:00.000001Z"),
    ("0900-01-01T00:00:00Z", "0900-01-01T00:00:00.000000Z"),
]


@pytest.mark.parametrize(("told", "stored"), WRITTEN)
def test_an_instant_is_stored_in_utc_with_microseconds(told: str, stored: str) -> None:
    instant = INSTANTS.validate_python(told)

    assert INSTANTS.dump_python(instant, mode="json") == stored


@pytest.mark.parametrize(
    "told", ["9999-12-31T23:59:59-03:00", "0001-01-01T00:00+03:00", "2026-03-02T09:00"]
)
def test_what_has_no_utc_is_no_instant(told: str) -> None:
    with pytest.raises(ValidationError):
        INSTANTS.validate_python(told)


@pytest.mark.parametrize(
    "told", ["0001-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "2200-01-01T00:00Z"]
)
def test_nobody_asks_for_an_instant_that_no_clock_of_a_place_shows(told: str) -> None:
    with pytest.raises(ValidationError):
        PLAUSIBLE.validate_python(told)


@pytest.mark.parametrize(
    "told", ["1772463600", "1772463600.5", "-1", 1772463600, 1772463600.5, True]
)
def test_a_bare_number_is_no_instant(told: object) -> None:
    with pytest.raises(ValidationError):
        PLAUSIBLE.validate_python(told)


@pytest.mark.parametrize("told", ["1900-01-01T00:00:00Z", "2199-12-31T23:59:59Z"])
def test_an_instant_of_the_years_that_people_mean_may_be_asked_for(told: str) -> None:
    assert PLAUSIBLE.validate_python(told)


@pytest.mark.parametrize(
    "name",
    [
        "localtime",
        "posixrules",
        "right/America/Sao_Paulo",
        "Etc/GMT+3",
        "EST",
        "America",
        "Mars/Base",
    ],
)
def test_what_a_machine_or_no_place_calls_its_clock_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match="not an IANA zone"):
        known_zone(name)


@pytest.mark.parametrize(
    "name", ["America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Africa/Porto-Novo", "UTC"]
)
def test_a_place_has_a_zone(name: str) -> None:
    assert known_zone(name) == name
