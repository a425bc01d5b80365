"""What must be so of a topic before anything is sent to it."""

import pytest

from os_events.errors import ConflictError
from os_events.messaging.chronicle import Chronicle
from os_events.messaging.guards import (
    Known,
    Told,
    TopicAheadOfLogError,
    TopicLostRecordsError,
    TopicOfAnotherLogError,
    check_ends,
    check_last,
)
from os_events.messaging.records import Incoming, Partition

FIRST, SECOND = "/first", "/second"
AT = Partition("t", 0)
ONCE = Chronicle((1,), ("first",))
RESTORED = Chronicle((1, 8), ("first", "second"))  # positions from 8 on are of epoch 2
HEADERS = (
    ("ce_source", b"/first"),
    ("ce_id", b"a:1"),
    ("ce_osposition", b"7"),
    ("ce_osepoch", b"1"),
)


def test_a_topic_that_ends_before_what_was_acknowledged_has_lost_records() -> None:
    with pytest.raises(
        TopicLostRecordsError, match="partition 1 ends at offset 2, and had ended at 3"
    ):
        check_ends({0: 5, 1: 3}, {AT: 5, Partition("t", 1): 2})


def test_a_topic_may_have_more_than_was_acknowledged() -> None:
    check_ends({0: 5}, {AT: 7, Partition("t", 1): 2})


@pytest.mark.parametrize(
    ("chronicle", "told"),
    [
        (ONCE, Told(FIRST, "a:1", 7, 1)),
        (RESTORED, Told(SECOND, "a:1", 8, 2)),
        (RESTORED, Told(FIRST, "b:1", 12, 1)),  # of what a restore took away
    ],
)
def test_a_topic_may_end_in_events_of_this_log(chronicle: Chronicle, told: Told) -> None:
    check_last([told], Known(9, chronicle), {7: "a:1", 8: "a:1"})


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (Told(FIRST, "a:1", 10, 1), TopicAheadOfLogError),
        (Told(FIRST, "a:1", 9, 2), TopicOfAnotherLogError),
        (Told("/other", "a:1", 7, 1), TopicOfAnotherLogError),
        (Told(FIRST, "b:1", 7, 1), TopicOfAnotherLogError),  # grown past it after a restore
    ],
)
def test_a_topic_that_ends_in_what_this_log_does_not_have_is_refused(
    told: Told, error: type[ConflictError]
) -> None:
    with pytest.raises(error):
        check_last([Told(FIRST, "a:1", 7, 1), told], Known(9, ONCE), {7: "a:1"})


def test_a_new_epoch_lets_a_topic_be_that_was_ahead() -> None:
    lost = Told(FIRST, "b:1", 12, 1)

    check_last([lost], Known(9, RESTORED), {})

    assert not Known(20, RESTORED).holds(lost)


def test_what_the_log_holds_has_its_name_and_epoch_of_then() -> None:
    log = Known(9, RESTORED)

    assert log.holds(Told(FIRST, "a:1", 7, 1))
    assert log.holds(Told(SECOND, "a:1", 8, 2))
    assert not log.holds(Told(SECOND, "a:1", 7, 1))
    assert not log.holds(Told(SECOND, "a:1", 10, 2))


def test_a_record_of_ours_tells_its_event() -> None:
    assert Told.of(Incoming(AT, 0, b"a", b"{}", HEADERS)) == Told(FIRST, "a:1", 7, 1)


@pytest.mark.parametrize("missing", range(4))
def test_a_record_that_lacks_a_header_is_none_of_ours(missing: int) -> None:
    headers = (*HEADERS[:missing], *HEADERS[missing + 1 :])

    assert Told.of(Incoming(AT, 0, b"a", b"{}", headers)) is None


def test_a_position_that_is_no_number_is_none_of_ours() -> None:
    headers = (*HEADERS, ("ce_osposition", b"-1"))

    assert Told.of(Incoming(AT, 0, b"a", b"{}", headers)) is None
