"""A reader works on each broker that keeps groups: in memory, and Apache Kafka."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from os_events.eventlog.log import EventLog
from os_events.messaging.ports import Broker
from tests.readers import Field, until


@pytest.fixture
def anywhere(
    log: EventLog, database_url: str, group_broker: Broker, group_topic: str, reader_url: str
) -> Iterator[Field]:
    """A log with its topic on each broker in turn."""
    with ExitStack() as house:
        name = f"group.{group_topic}"
        yield Field(log, database_url, group_broker, group_topic, reader_url, house, name)


def test_members_take_over_from_a_fill_and_from_each_other(anywhere: Field) -> None:
    anywhere.live(1)
    anywhere.publish()
    anywhere.fill()
    with anywhere.working():
        with anywhere.working():
            anywhere.live(2, 3)
            anywhere.publish()
            until(anywhere.is_all_taken_in)
        anywhere.live(4)
        anywhere.publish()
        until(anywhere.is_all_taken_in)

    assert anywhere.rows() == anywhere.expected()
    assert anywhere.differences() == []
    assert anywhere.position() == anywhere.log.head()
