"""How far a topic is published: one row, moved on the connection that holds the lease."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Json

from os_events.errors import OsEventsError, UnavailableError

Connection = psycopg.Connection[Any]
Ends = dict[int, int]  # by partition: one more than the last offset acknowledged to us

LEASE = "SELECT pg_try_advisory_lock(hashtext('publisher'), hashtext(%s))"
AT = "SELECT position, ends, clean FROM messaging.published WHERE topic = %s"
CLAIM = """INSERT INTO messaging.published (topic, position, ends, clean) VALUES (%s, %s, %s, false)
    ON CONFLICT (topic) DO UPDATE
    SET ends = excluded.ends, clean = false, updated_at = clock_timestamp()
    WHERE published.position = excluded.position"""
MOVE = """UPDATE messaging.published SET position = %s, ends = %s, updated_at = clock_timestamp()
    WHERE topic = %s AND position = %s"""
CLEAN = "UPDATE messaging.published SET clean = true WHERE topic = %s"
AGAIN = """UPDATE messaging.published SET position = %(before)s, ends = '{}',
    updated_at = clock_timestamp() WHERE topic = %(topic)s AND position >= %(before)s"""
STOP = """INSERT INTO messaging.publisher_health (topic, error, words) VALUES (%s, %s, %s)
    ON CONFLICT (topic) DO UPDATE SET error = excluded.error, words = excluded.words,
    since = CASE publisher_health.error WHEN excluded.error THEN publisher_health.since
        ELSE excluded.since END"""
WELL = "DELETE FROM messaging.publisher_health WHERE topic = %s"
HEAD = "SELECT coalesce(max(position), 0) FROM log.events"
IDS = """SELECT position, aggregate_id || ':' || version FROM log.events
    WHERE position = ANY(%s)"""
AGE = """SELECT greatest(extract(epoch FROM clock_timestamp() - recorded_at), 0)::float8
    FROM log.events WHERE position = %s"""
STATES = """SELECT topic, coalesce(position, 0), h.error, h.words, h.since
    FROM messaging.published FULL JOIN messaging.publisher_health h USING (topic) ORDER BY topic"""


class PositionMovedError(UnavailableError):
    """Somebody else moved the position of this topic. The publisher reads it again, and goes on."""

    slug = "published-position-moved"


@dataclass(frozen=True, slots=True)
class Place:
    """How far a topic is published.

    Shape: ``ends`` is empty where everything after ``position`` is to be sent again. ``clean`` says
    that nothing was under way when its publisher stopped.
    """

    position: int
    ends: Ends
    clean: bool


@dataclass(frozen=True, slots=True)
class PublisherState:
    """How far a topic is published; the last three say what its publisher stands still for."""

    topic: str
    position: int
    error: str | None
    words: str | None
    since: datetime | None


class Published:
    """The row of one topic, on the connection that holds the lease of its publisher."""

    def __init__(self, connection: Connection, topic: str) -> None:
        self.connection = connection
        self.topic = topic

    def lease(self) -> bool:
        """Take the right to publish while the connection lives; say whether we have it."""
        return self.connection.execute(LEASE, (self.topic,)).fetchone() == (True,)

    def place(self) -> Place | None:
        """Read the row; None before the first start."""
        row = self.connection.execute(AT, (self.topic,)).fetchone()
        return Place(row[0], {int(p): end for p, end in row[1].items()}, row[2]) if row else None

    def claim(self, position: int, ends: Ends) -> None:
        """Say that something may be under way from now on. Raises PositionMovedError."""
        self._moved(CLAIM, self.topic, position, written(ends))

    def move(self, position: int, upto: int, ends: Ends) -> None:
        """Move on from ``position``, all up to ``upto`` acknowledged. Raises PositionMovedError."""
        self._moved(MOVE, upto, written(ends), self.topic, position)

    def check(self, position: int) -> None:
        """Look whether somebody moved the position. Raises PositionMovedError."""
        place = self.place()
        if place is None or place.position != position:
            raise PositionMovedError(self.topic)

    def finish(self) -> None:
        """Say that nothing is under way any more."""
        self.connection.execute(CLEAN, (self.topic,))

    def stop(self, error: OsEventsError) -> None:
        """Say what the publisher stands still for."""
        self.connection.execute(STOP, (self.topic, error.slug, str(error)))

    def go_on(self) -> None:
        """Say that it stands still no more."""
        self.connection.execute(WELL, (self.topic,))

    def head(self) -> int:
        """Give the last position of the log."""
        return int(self._one(HEAD) or 0)

    def age(self, position: int) -> float:
        """Say how many seconds ago an event was recorded; 0 if there is none."""
        return float(self._one(AGE, position) or 0)

    def ids(self, positions: Sequence[int]) -> dict[int, str]:
        """Name the events at these positions, as ``ce_id`` does."""
        return dict(self.connection.execute(IDS, (list(positions),)).fetchall())

    def _one(self, query: str, *values: Any) -> Any:
        row = self.connection.execute(query, values).fetchone()
        return row[0] if row else None

    def _moved(self, query: str, *values: Any) -> None:
        if self.connection.execute(query, values).rowcount != 1:
            raise PositionMovedError(self.topic)


def written(ends: Mapping[int, int]) -> Json:
    """Write ends as the table holds them."""
    return Json({str(partition): end for partition, end in ends.items()})


def send_again(connection: Connection, topic: str, first: int) -> bool:
    """Let everything from ``first`` on be sent again; say whether the topic had come so far."""
    return connection.execute(AGAIN, {"before": first - 1, "topic": topic}).rowcount == 1


def publisher_states(connection: Connection) -> list[PublisherState]:
    """Say how far each topic is that was ever published, or tried."""
    return [PublisherState(*row) for row in connection.execute(STATES)]
