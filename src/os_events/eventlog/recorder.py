"""The library's persistence, made ours: this factory is what PERSISTENCE_MODULE names."""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from time import monotonic
from typing import Any, NoReturn, cast
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    IntegrityError,
    OperationalError,
    StoredEvent,
    TrackingRecorder,
)
from eventsourcing.utils import Environment

from os_events.errors import UnavailableError
from os_events.eventlog.committer import Committer
from os_events.eventlog.database import WRITER, connect, open_pool
from os_events.eventlog.mapper import LoggedEvent
from os_events.eventlog.submission import Answer, RequestKey, Submission
from os_events.eventlog.subscription import LogSubscription

ANSWER = """SELECT CASE WHEN body = %(body)s THEN 'replayed' ELSE 'misused' END,
    aggregate_id, version, first_position, last_position
    FROM log.answers JOIN log.events ON position = last_position WHERE key = %(key)s"""
COLUMNS = "aggregate_id, version, event, state, position, recorded_at"

# A probe by index for each aggregate. Left a choice (= ANY, a condition on position), a planner
# without statistics reads the whole log, or the whole index, each time.
HISTORIES = f"""SELECT event.* FROM unnest(%b::uuid[]) AS asked (id) CROSS JOIN LATERAL (
    SELECT {COLUMNS}
    FROM log.events WHERE aggregate_id = asked.id AND event LIKE ANY(%b)
    ORDER BY version) AS event"""  # noqa: S608 - only our words

BEGUN = """SELECT aggregate_id FROM log.events
    WHERE version = 1 AND event = %s AND position <= %s ORDER BY position"""

Condition = tuple[str, Any]  # SQL with one placeholder, and its value; None: no condition


class LogRecorder(ApplicationRecorder):
    """Appends through the committer; reads in binary, by history or by position."""

    patience = 10.0  # seconds for which the library's own appends are tried

    def __init__(self, url: str, pool_size: int) -> None:
        self.url = url
        self.pool = open_pool(url, WRITER, pool_size)
        self.committer = Committer(partial(connect, url, WRITER))

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Record for the library, and wait for it. Raises its IntegrityError on a conflict."""
        if not stored_events:
            return None
        answer = Future[Answer]()
        until = monotonic() + self.patience
        try:
            self.committer.submit(Submission(stored_events, RequestKey.new(), answer, until))
            told = answer.result(self.patience)
        except (psycopg.OperationalError, UnavailableError, TimeoutError) as error:
            raise OperationalError(str(error)) from error
        if told.outcome != "done":
            raise IntegrityError(told.outcome)
        return list(range(told.first_position, told.last_position + 1))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Read one history, or a part of it."""
        order = "version DESC" if desc else "version"
        return self._select(
            ("aggregate_id = %s", originator_id),
            ("version > %s", gt),
            ("version <= %s", lte),
            order=order,
            limit=limit,
        )

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> list[LoggedEvent]:
        """Read the log in order. In a topic, ``%`` stands for anything."""
        return self._select(
            ("position >= %s" if inclusive_of_start else "position > %s", start),
            ("position <= %s", stop),
            ("event LIKE ANY(%s)", patterns(topics) or None),
            order="position",
            limit=limit,
        )

    def max_notification_id(self) -> int | None:
        """Give the last position; None when the log is empty."""
        return cast("int | None", self._one("SELECT max(position) FROM log.events"))

    def count(self, after: int, upto: int) -> int:
        """Count the events at positions after < position <= upto."""
        query = "SELECT count(*) FROM log.events WHERE position > %s AND position <= %s"
        return int(self._one(query, after, upto))

    def next_number(self, scope: str) -> int:
        """Draw the next number of a scope, in a transaction of its own."""
        return int(self._one("SELECT log.next_number(%s)", scope))

    def answer_to(self, request: RequestKey) -> Answer | None:
        """Look up what ``log.append`` would say to a known key; None if the key is new."""
        with self.pool.connection() as connection:
            row = connection.execute(ANSWER, request._asdict()).fetchone()
            return Answer(*row) if row else None

    def select_histories(
        self, ids: Sequence[UUID], upto: int, topics: Sequence[str] = ()
    ) -> list[LoggedEvent]:
        """Read the histories of some aggregates, one after the other, up to a position."""
        with self.pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            rows = cursor.execute(HISTORIES, (list(ids), patterns(topics) or ["%"]), prepare=True)
            return [event for row in rows if (event := LoggedEvent(*row)).id <= upto]

    def select_ids(self, topic: str, upto: int) -> list[UUID]:
        """Name the aggregates that began with ``topic``, up to a position, in order."""
        with self.pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            return [aggregate_id for (aggregate_id,) in cursor.execute(BEGUN, (topic, upto))]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> LogSubscription:
        """Follow the log event by event, for the library's own runners."""
        return LogSubscription(self, self.url, gt, topics)

    def close(self) -> None:
        """Record what is waiting, then let go of the database."""
        self.committer.close()
        self.pool.close()

    def _one(self, query: str, *arguments: Any) -> Any:
        with self.pool.connection() as connection:
            [value] = connection.execute(query, arguments, prepare=True).fetchone() or [None]
            return value

    def _select(self, *conditions: Condition, order: str, limit: int | None) -> list[LoggedEvent]:
        asked = [(sql, value) for sql, value in conditions if value is not None]
        where = " AND ".join(sql for sql, _ in asked) or "true"
        query = f"SELECT {COLUMNS} FROM log.events WHERE {where} ORDER BY {order} LIMIT %s"  # noqa: S608 - only our words
        with self.pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            rows = cursor.execute(query, [*(value for _, value in asked), limit], prepare=True)
            return [LoggedEvent(*row) for row in rows]


def patterns(topics: Sequence[str]) -> list[str]:
    """Write topics as ``LIKE`` takes them: only ``%`` stands for anything."""
    return [topic.replace("\\", r"\\").replace("_", r"\_") for topic in topics]


class LogFactory(InfrastructureFactory[TrackingRecorder]):
    """Makes the recorder from the strings that the library passes on."""

    DATABASE_URL = "DATABASE_URL"
    POOL_SIZE = "POOL_SIZE"

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self._recorders: list[LogRecorder] = []

    def application_recorder(self) -> LogRecorder:
        """Open the log."""
        recorder = LogRecorder(self.env[self.DATABASE_URL], int(self.env[self.POOL_SIZE]))
        self._recorders.append(recorder)
        return recorder

    def aggregate_recorder(self, purpose: str = "events") -> NoReturn:
        """Not offered: orders are short, so there are no snapshots."""
        raise NotImplementedError(purpose)

    def tracking_recorder(self, *_: Any) -> NoReturn:
        """Not offered: a follower keeps its position beside its own rows."""
        raise NotImplementedError

    process_recorder = tracking_recorder

    def close(self) -> None:
        """Close what was opened."""
        while self._recorders:
            self._recorders.pop().close()
