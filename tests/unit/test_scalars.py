"""Scalars: their one form."""

import pytest
from pydantic import TypeAdapter, ValidationError

from os_events.values.scalars import Instant

INSTANTS: TypeAdapter[object] = TypeAdapter(Instant)
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
