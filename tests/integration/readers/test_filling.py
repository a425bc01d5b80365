"""A reader is filled from the log, and goes on from the topic without gap or double."""

from functools import partial

import pytest

from os_events.messaging.readers.keeping import ReaderNotFilledError
from tests.brokers.memory import MemoryBroker
from tests.readers import Field, until


def test_a_reader_that_was_filled_has_the_rows_that_followers_have(field: Field) -> None:
    field.live(1, 2)
    field.publish()

    position = field.fill()

    assert position == field.log.head() == field.position()
    assert field.rows() == field.expected()
    assert field.differences() == []


def test_what_was_recorded_and_not_published_before_a_fill_is_there_once(field: Field) -> None:
    field.live(1, 2)
    field.fill()
    field.live(3)
    field.publish()
    worker = field.alone()

    until(field.is_all_taken_in, worker)

    assert field.rows() == field.expected()
    assert field.differences() == []
    assert field.position() == field.log.head()


def test_a_fill_of_a_reader_that_answers_follows_the_topic_and_takes_its_place(
    field: Field,
) -> None:
    field.live(1)
    field.publish()
    field.fill()
    worker = field.alone()
    field.live(2, 3)
    field.publish()
    until(field.is_all_taken_in, worker)
    before = field.places()

    field.fill()
    field.live(4)
    field.publish()
    until(field.is_all_taken_in, worker)

    assert all(
        before[one].next_offset <= place.next_offset for one, place in field.places().items()
    )
    assert field.rows() == field.expected()
    assert field.differences() == []


def test_a_reader_that_was_never_filled_does_not_work(field: Field) -> None:
    with pytest.raises(ReaderNotFilledError):
        field.alone()


def test_tables_of_an_earlier_version_are_let_go_of_with_a_fill(field: Field) -> None:
    field.live(1)
    field.fill()
    with field.pool.connection() as connection:
        connection.execute("CREATE TABLE read.order_board_0 ()")
        connection.execute("INSERT INTO read.position VALUES ('order_board_0', 1)")

    field.fill()

    with field.pool.connection() as connection:
        gone = connection.execute("SELECT to_regclass('read.order_board_0')").fetchone()
    assert gone == (None,)


def test_a_fill_is_the_cure_for_a_topic_that_lost_records(
    field: Field, memory_broker: MemoryBroker
) -> None:
    field.live(1, 2)
    field.publish()
    field.fill()
    list(map(partial(memory_broker.lose_after, offset=0), field.partitions))

    field.fill()

    assert field.is_all_taken_in()
    assert field.rows() == field.expected()
