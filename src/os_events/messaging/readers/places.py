"""Where a reader goes on: a row a partition, moved in the transaction of what it took in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from os_events.errors import UnavailableError
from os_events.messaging.records import Partition

Connection = psycopg.Connection[Any]

COLUMNS = "partition, next_offset, last_position, epoch, updated_at, stopped, stopped_since"
ALL = f"""SELECT {COLUMNS} FROM messaging.consumed
    WHERE reader = %s AND topic = %s ORDER BY partition"""  # noqa: S608 - only our words
LOCKED = f"{ALL} FOR UPDATE"
ONE = f"""SELECT {COLUMNS} FROM messaging.consumed
    WHERE reader = %s AND topic = %s AND partition = %s FOR UPDATE"""  # noqa: S608 - as above
MOVE = """UPDATE messaging.consumed
    SET next_offset = %s, last_position = greatest(last_position, %s),
        updated_at = clock_timestamp(), stopped = NULL, stopped_since = NULL
    WHERE reader = %s AND topic = %s AND partition = %s"""
STOP = """UPDATE messaging.consumed SET stopped = %s, stopped_since = clock_timestamp()
    WHERE reader = %s AND topic = %s AND partition = %s AND stopped IS DISTINCT FROM %s"""
BEGIN = """INSERT INTO messaging.consumed
        (reader, topic, partition, next_offset, last_position, epoch)
    SELECT %s, %s, partition, next_offset, %s, %s
    FROM unnest(%s::int[], %s::bigint[]) AS p (partition, next_offset)"""
FORGET = "DELETE FROM messaging.consumed WHERE reader = %s AND topic = %s"
RENAME = "UPDATE messaging.consumed SET reader = %s WHERE reader = %s AND topic = %s"


class PlaceMovedError(UnavailableError):
    """Somebody else moved the place of this partition. It is read again from there."""

    slug = "reader-place-moved"


@dataclass(frozen=True, slots=True)
class Place:
    """How far a partition was taken in; ``stopped`` is why it stands still, if it does."""

    partition: int
    next_offset: int
    last_position: int
    epoch: int
    updated_at: datetime
    stopped: str | None
    stopped_since: datetime | None


class Places:
    """The places of one reader, on its connection."""

    def __init__(self, connection: Connection, reader: str, topic: str) -> None:
        self.connection = connection
        self.reader = reader
        self.topic = topic

    def all(self, *, locked: bool = False) -> dict[Partition, Place]:
        """Give the place of each partition; nothing before the reader was filled."""
        rows = self.connection.execute(LOCKED if locked else ALL, (self.reader, self.topic))
        return {Partition(self.topic, row[0]): Place(*row) for row in rows}

    def held(self, partition: Partition, began: int) -> Place:
        """Keep everybody else away from a partition until the end of the transaction.

        Raises: PlaceMovedError where it is not at ``began``.
        """
        key = (self.reader, self.topic, partition.number)
        row = self.connection.execute(ONE, key, prepare=True).fetchone()
        if row is None or (found := Place(*row)).next_offset != began:
            raise PlaceMovedError(f"partition {partition.number} is not at offset {began}")
        return found

    def move(self, partition: Partition, next_offset: int, position: int) -> None:
        """Go on from an offset; whatever it stood still for is over."""
        values = (next_offset, position, self.reader, self.topic, partition.number)
        self.connection.execute(MOVE, values, prepare=True)

    def stop(self, partition: Partition, reason: str) -> None:
        """Say why a partition stands still."""
        key = (self.reader, self.topic, partition.number)
        self.connection.execute(STOP, (reason, *key, reason))

    def begin(self, offsets: Mapping[Partition, int], position: int, epoch: int) -> None:
        """Begin anew at these offsets, all up to a position being there."""
        self.forget()
        numbers, ends = [one.number for one in offsets], list(offsets.values())
        self.connection.execute(BEGIN, (self.reader, self.topic, position, epoch, numbers, ends))

    def become(self, other: "Places") -> None:
        """Take the place of another reader."""
        other.forget()
        self.connection.execute(RENAME, (other.reader, self.reader, self.topic))

    def forget(self) -> None:
        """Let go of all places."""
        self.connection.execute(FORGET, (self.reader, self.topic))
