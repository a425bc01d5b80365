"""From the log to what is due: each endpoint has its place, which moves with its deliveries."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import structlog

from os_events.errors import OsEventsError
from os_events.eventlog.database import Pool, available
from os_events.eventlog.log import EventLog
from os_events.failpoints import failpoint
from os_events.followers.follower import will_pass
from os_events.messaging.webhooks.letters import Addressed, Letters

AT_ONCE = 500  # positions
MOST_WAITING = 10_000  # deliveries of an endpoint; then the log is its queue

BEHIND = """SELECT id FROM messaging.endpoint WHERE off_since IS NULL AND position < %s
    AND (SELECT count(*) FROM (SELECT FROM messaging.delivery d
        WHERE d.endpoint = id AND d.state = 'waiting' LIMIT %s) waiting) < %s"""
TAKE = """SELECT position, types, stopped_at FROM messaging.endpoint
    WHERE id = %s AND off_since IS NULL FOR UPDATE SKIP LOCKED"""
WRITE = """INSERT INTO messaging.delivery
        (endpoint, order_id, version, position, type, waiting_since, due_at)
    SELECT %s, *, %s, %s
    FROM unnest(%s::uuid[], %s::integer[], %s::bigint[], %s::text[])"""
MOVE = """UPDATE messaging.endpoint SET position = %s, stopped_at = %s, stopped_by = %s
    WHERE id = %s"""

log = structlog.get_logger()


class Found(NamedTuple):
    """What is public up to a position, and the event behind it that cannot be told, if any."""

    upto: int
    public: list[Addressed]
    stopped_at: int | None = None
    stopped_by: str | None = None


class Filling:
    """Writes what is due. Several may: an endpoint is filled by one at a time."""

    def __init__(self, pool: Pool, letters: Letters, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._letters = letters
        self._clock = clock

    @property
    def _log(self) -> EventLog:
        return self._letters.log

    def step(self) -> bool:
        """Fill each endpoint up by one batch; say whether any moved. Raises UnavailableError."""
        head = self._log.head()
        with available("webhooks"), self._pool.connection() as connection:
            asked = (head, MOST_WAITING, MOST_WAITING)
            behind = [one for (one,) in connection.execute(BEHIND, asked)]
        moved = [self._fill(endpoint, head) for endpoint in behind]
        return any(moved)

    def _fill(self, endpoint: UUID, head: int) -> bool:
        with available("webhooks"), self._pool.connection() as one, one.transaction():
            taken = one.execute(TAKE, (endpoint,)).fetchone()
            if taken is None:
                return False
            position, types, stopped_at = taken
            found = self._found(position, min(head, position + AT_ONCE))
            wanted = [each for each in found.public if types is None or each.type in types]
            self._write(one, endpoint, wanted)
            stopped = (found.stopped_at, found.stopped_by)
            one.execute(MOVE, (found.upto, *stopped, endpoint))
            failpoint("webhooks.filled")
        if found.stopped_at not in {None, stopped_at}:
            why, at = found.stopped_by, found.stopped_at
            log.error("webhook endpoint stopped", endpoint=str(endpoint), position=at, error=why)
        return bool(found.upto > position)

    def _found(self, after: int, upto: int) -> Found:
        """Read as far as every event can be told."""
        while True:
            try:
                return Found(upto, self._letters.public(after, upto))
            except (OsEventsError, ValueError) as error:  # the latter: an event of another shape
                if will_pass(error):
                    raise
                if upto - after == 1:
                    slug = error.slug if isinstance(error, OsEventsError) else "event-unreadable"
                    return Found(after, [], upto, slug)
                upto = after + (upto - after) // 2

    def _write(
        self, connection: psycopg.Connection[Any], endpoint: UUID, public: list[Addressed]
    ) -> None:
        if public:
            now, columns = self._clock(), [list(column) for column in zip(*public, strict=True)]
            connection.execute(WRITE, (endpoint, now, now, *columns))
