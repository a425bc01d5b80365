"""What a reader received is compared with the log, position by position."""

from typing import Any

from os_events.messaging.readers.checking import Difference, Kind, compared


def rows(*positions: int, leaf: bytes = b"leaf") -> dict[int, tuple[Any, ...]]:
    return {position: (position, leaf) for position in positions}


def test_what_is_as_in_the_log_differs_nowhere() -> None:
    assert list(compared(rows(1, 2, 3), rows(1, 2, 3), reached=3)) == []


def test_what_is_missing_below_what_was_reached_is_named() -> None:
    assert list(compared(rows(1, 3), rows(1, 2, 3), 3)) == [Difference(2, Kind.MISSING)]


def test_what_has_not_come_yet_is_not_missing() -> None:
    assert list(compared(rows(1, 3), rows(1, 2, 3), 1)) == []


def test_what_the_log_has_not_and_what_it_has_otherwise_is_named() -> None:
    found = list(compared(rows(1) | rows(2, 4, leaf=b"other"), rows(1, 2), 1))

    assert found == [Difference(2, Kind.OTHER), Difference(4, Kind.NOT_IN_THE_LOG)]
