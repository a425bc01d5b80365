"""Moments in addresses: read by the clock of a place, written to the microsecond."""

from datetime import UTC, datetime

import pytest

from os_events.console.formats import Speaker
from os_events.console.moments import Clocks, moment, readable, written
from tests.support import NOON, SAO_PAULO, an_order, later
from tests.views import history

LATER = later(1)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-18T14:30", datetime(2026, 3, 18, 17, 30, tzinfo=UTC)),
        ("2026-03-18T14:30:05", datetime(2026, 3, 18, 17, 30, 5, tzinfo=UTC)),
        ("2026-03-18", datetime(2026, 3, 18, 3, tzinfo=UTC)),
        ("2026-03-18T14:30:00.000001Z", datetime(2026, 3, 18, 14, 30, 0, 1, tzinfo=UTC)),
        ("2026-03-18T14:30-05:00", datetime(2026, 3, 18, 19, 30, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_moment_is_in_the_time_of_the_place_unless_it_says_more(
    text: str, instant: datetime | None
) -> None:
    read = moment(readable(text), SAO_PAULO)

    assert read == instant


@pytest.mark.parametrize("text", ["ontem", "18/03/2026", "14:30", "0001-01-01", "9999-12-31"])
def test_what_no_clock_can_show_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|calendar"):
        readable(text)


def test_an_instant_in_an_address_is_read_as_it_was_written() -> None:
    instant = NOON.replace(microsecond=1)

    assert moment(written(instant), SAO_PAULO) == instant


def test_clocks_write_only_what_they_say() -> None:
    queries = [Clocks().query, Clocks(known_at=NOON).query, Clocks(NOON, LATER).query]

    assert queries == [
        "",
        "?known_at=2026-03-02T15%3A00%3A00Z",
        "?as_of=2026-03-02T15%3A00%3A00Z&known_at=2026-03-02T16%3A00%3A00Z",
    ]


def test_each_clock_is_told_by_its_own_words() -> None:
    speaker = Speaker("pt", NOON, SAO_PAULO)

    told = [one.told(speaker) for one in (Clocks(NOON), Clocks(None, NOON), Clocks(NOON, LATER))]

    assert told == [
        "Como era em 02/03/2026 12:00, com o que se sabe hoje.",
        "Como se sabia em 02/03/2026 12:00.",
        "Como era em 02/03/2026 12:00, com o que se sabia em 02/03/2026 13:00.",
    ]


def test_a_view_of_the_past_has_what_counted_then() -> None:
    order = history(an_order(NOON))

    views = [Clocks(as_of=instant).view(order).events for instant in (later(-1), NOON)]

    assert [len(events) for events in views] == [0, 1]
