"""Every shape of event that was ever stored can still be read, and today's is written as ever."""

from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent

from os_events.aggregates.base import DomainEvent
from os_events.eventlog.mapper import EventMapper
from tests.golden.examples import FILES, examples, file_name
from tests.golden.reference import events

EXAMPLES = examples()
STORED = sorted(FILES.iterdir())


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_a_stored_event_is_still_read(path: Path) -> None:
    topic = path.name.rpartition(".v")[0]

    event = EventMapper().to_domain_event(StoredEvent(UUID(int=1), 1, topic, path.read_bytes()))

    assert isinstance(event, DomainEvent)
    assert topic == event.TOPIC


@pytest.mark.parametrize("event", events(), ids=lambda event: event.TOPIC)
def test_todays_shape_is_written_byte_for_byte(event: type[DomainEvent]) -> None:
    _, written = EXAMPLES[file_name(event)]

    assert written == (FILES / file_name(event)).read_bytes()


def test_no_golden_file_stands_for_nothing() -> None:
    topics = {event.TOPIC for event in events()}

    assert {path.name.rpartition(".v")[0] for path in STORED} == topics
