"""What a scan finds, and what is still to be sent after it."""

from collections.abc import Iterator

import pytest

from os_events.errors import UnavailableError
from os_events.messaging.chronicle import Chronicle
from os_events.messaging.feed import Entry
from os_events.messaging.guards import Known, Told
from os_events.messaging.publisher import portions
from os_events.messaging.records import Incoming, Partition
from os_events.messaging.scan import Remainder, Tail, done, ending

OURS = Known(20, Chronicle((1,), ("ours",)))


def record(offset: int, position: int, key: bytes = b"a", source: str = "ours") -> Incoming:
    headers = (
        ("ce_source", f"/{source}".encode()),
        ("ce_id", f"a:{position}".encode()),
        ("ce_osposition", str(position).encode()),
        ("ce_osepoch", b"1"),
    )
    return Incoming(Partition("t", 0), offset, key, b"{}", headers)


def tail(*records: Incoming, place: int = 0) -> Tail:
    found = Tail(place)
    for one in records:
        found.take(one, OURS)
    return found


def lacking(remainder: Remainder, *entries: tuple[int, bytes]) -> list[int]:
    return [position for position, key in entries if remainder.lacks(position, key)]


def test_what_is_there_is_not_sent_again() -> None:
    remainder = Remainder({5, 6})

    assert lacking(remainder, (5, b"a"), (6, b"b"), (7, b"a")) == [7]


def test_what_stands_behind_a_hole_of_its_order_is_sent_again() -> None:
    remainder = Remainder({6, 7, 8})

    assert lacking(remainder, (5, b"a"), (6, b"b"), (7, b"a"), (8, b"b")) == [5, 7]


def test_before_the_place_a_record_only_says_where_the_topic_ends() -> None:
    found = tail(record(0, 3), record(1, 4), place=1)

    assert (found.last, done([found])) == (Told("/ours", "a:4", 4, 1), {4})


def test_what_others_wrote_into_the_topic_counts_for_nothing() -> None:
    noise = Incoming(Partition("t", 0), 2, b"a", b"?", ())

    found = tail(record(0, 3), record(1, 4, source="theirs"), noise)

    assert done([found]) == {3}


def test_what_lies_beyond_the_end_of_the_log_is_not_done() -> None:
    assert done([tail(record(0, 20), record(1, 21))]) == {20}


@pytest.mark.parametrize(
    ("positions", "kept"),
    [
        ([], set()),
        ([1, 2, 3], {1, 2, 3}),
        ([1, 2, 1, 2], {1, 2}),
        ([2, 1], {1}),  # 2 must come once more, behind 1
        ([2, 1, 2], {1, 2}),
        ([1, 3, 2], {1, 2}),
    ],
)
def test_what_came_before_an_earlier_event_is_sent_again(
    positions: list[int], kept: set[int]
) -> None:
    assert ending(positions) == kept


def entries(count: int, *, fails: bool) -> Iterator[Entry]:
    yield from (Entry(position, None) for position in range(1, count + 1))
    if fails:
        raise UnavailableError("no more")


def test_entries_come_in_batches() -> None:
    found = [len(batch) for batch in portions(entries(5, fails=False), 2)]

    assert found == [2, 2, 1]


def test_all_that_comes_before_an_error_comes() -> None:
    batches = portions(entries(3, fails=True), 2)

    found = [next(batches), next(batches)]

    assert [len(batch) for batch in found] == [2, 1]
    with pytest.raises(UnavailableError):
        next(batches)
