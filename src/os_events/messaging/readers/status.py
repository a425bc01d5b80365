"""How far a reader is: its places, how far behind they are, and what stands still."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg

from os_events.eventlog.database import available
from os_events.followers import positions
from os_events.messaging.ports import Broker
from os_events.messaging.readers.keeping import DATABASE, Keeping, Reader
from os_events.messaging.readers.places import Place


@dataclass(frozen=True, slots=True)
class At:
    """One partition. Unit: ``lag`` is records of the topic that are still to come."""

    place: Place
    lag: int


@dataclass(frozen=True, slots=True)
class Status:
    """One reader. Shape: all up to ``position`` is reflected."""

    reader: str
    topic: str
    position: int
    partitions: list[At]

    @property
    def stopped(self) -> bool:
        """Say whether anything stands still."""
        return any(at.place.stopped for at in self.partitions)


def status_of(
    connect: Callable[[], psycopg.Connection[Any]], reader: Reader, broker: Broker
) -> Status:
    """Look at the database, then at the ends of the topic.

    Raises: ReaderNotFilledError, UnavailableError.
    """
    with available(DATABASE), connect() as connection:
        places = Keeping(connection, reader).all_places()
        at = positions.positions_of(connection, reader.tables)
    with closing(broker.reader(list(places))) as consumer:
        ends = consumer.end_offsets(list(places))
    found = [At(place, max(0, ends[one] - place.next_offset)) for one, place in places.items()]
    return Status(reader.name, reader.topic, min(at.values(), default=0), found)
