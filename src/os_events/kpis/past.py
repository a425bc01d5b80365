"""Figures as they were known: facts derived afresh from the log up to a position, and kept."""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock, Thread
from time import monotonic
from typing import Any

import psycopg
import structlog

from os_events.errors import UnavailableError
from os_events.eventlog.database import available
from os_events.eventlog.log import EventLog
from os_events.followers.history_tables import HistoryTables
from os_events.followers.positions import positions_of
from os_events.followers.rebuild import CHUNK, Progress, Source, copy, tell_nobody
from os_events.kpis.asking import install
from os_events.projections.facts import FACTS

KEPT = 3  # pasts, the last ones that were asked for
TABLES = """CREATE TABLE IF NOT EXISTS read.past (
    position bigint PRIMARY KEY,
    asked_at timestamptz NOT NULL)"""  # -infinity until it is derived: the first to be forgotten
LOCK = "SELECT pg_advisory_lock(hashtext('read.past'))"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('read.past'))"
IS_WHOLE = """SELECT count(*) FROM read.past WHERE position = %s AND asked_at > '-infinity'
    AND (SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest(%s::text[]) name)"""
BEGUN = """INSERT INTO read.past VALUES (%s, '-infinity')
    ON CONFLICT (position) DO UPDATE SET asked_at = excluded.asked_at"""
ASKED = "UPDATE read.past SET asked_at = clock_timestamp() WHERE position = %s"
OLDEST = "SELECT position FROM read.past ORDER BY asked_at DESC OFFSET %s"
FORGET = "DELETE FROM read.past WHERE position = %s"
MADE = """SELECT 'FUNCTION ' || oid::regprocedure FROM pg_proc
    WHERE pronamespace = 'read'::regnamespace AND starts_with(reverse(proname), reverse(%(end)s))
    UNION ALL SELECT 'TABLE ' || oid::regclass FROM pg_class
    WHERE relnamespace = 'read'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND starts_with(reverse(relname), reverse(%(end)s))"""

log = structlog.get_logger()


class PastBeingDerivedError(UnavailableError):
    """The figures as they were known then are being derived from the log. Ask again in a moment."""

    slug = "past-being-derived"

    def __init__(self, done: int, total: int) -> None:
        super().__init__(f"{done} of {total} orders are derived")
        self.done = done
        self.total = total


@dataclass(frozen=True, slots=True)
class Known:
    """What was known: all up to ``position``. ``suffix`` ends the names of the tables to ask."""

    position: int
    suffix: str


class Past:
    """Gives the figures as they were known at an instant, one past at a time.

    The pool must have three connections.
    """

    def __init__(self, source: Source, wait_seconds: float = 2.0) -> None:
        self.log, self.pool = source
        self.wait_seconds = wait_seconds
        self._lock = Lock()
        self._work: Derivation | None = None

    def reached(self, instant: datetime) -> Known:
        """Give what was known at an instant, if a little patience is enough.

        Raises: PastBeingDerivedError, UnavailableError.
        """
        position = position_at(self.log, instant)
        if self._is_present(position):
            return Known(position, "")
        deadline = monotonic() + self.wait_seconds
        while (work := self._at_work(position)).position != position:
            work.finish(deadline)
        work.finish(deadline)
        if work.error is not None:
            raise work.error
        return Known(position, suffix_of(position))

    def _at_work(self, position: int) -> "Derivation":
        """Give what is being derived; if that is nothing, begin."""
        with self._lock:
            if self._work is None or not self._work.is_alive():
                self._work = Derivation(self, position)
                self._work.start()
            return self._work

    def derive(self, instant: datetime, progress: Progress = tell_nobody) -> Known:
        """Give what was known at an instant, however long it takes. Raises UnavailableError."""
        position = position_at(self.log, instant)
        if self._is_present(position):
            return Known(position, "")
        return self.derive_at(position, progress)

    def derive_at(self, position: int, progress: Progress) -> Known:
        """Derive the facts as of a position, unless that was done and is kept."""
        with self._alone() as connection:
            connection.execute(TABLES)
            if not is_whole(connection, position):
                connection.execute(BEGUN, (position,))
                self._build(position, progress)
            connection.execute(ASKED, (position,))
            with connection.transaction():
                install(connection, suffix_of(position))
            for (oldest,) in connection.execute(OLDEST, (KEPT,)).fetchall():
                drop(connection, oldest)
        return Known(position, suffix_of(position))

    def _build(self, position: int, progress: Progress) -> None:
        target = HistoryTables(self.log, FACTS, suffix_of(position))
        with self.pool.connection() as connection, connection.transaction():
            for table in target.tables:
                table.create(connection)
        chunks = target.chunks(position, CHUNK)
        done, total = 0, sum(map(len, chunks))
        progress(done, total)
        for ids in chunks:
            done += copy(target, self.pool, ids, position)
            progress(done, total)
        with self.pool.connection() as connection:
            for table in target.tables:
                connection.execute(f"ANALYZE read.{table.name}")

    def _is_present(self, position: int) -> bool:
        """Say whether the tables that are kept up reflect no more than was known."""
        names = [one.name for one in FACTS]
        with available("the figures"), self.pool.connection() as connection:
            found = positions_of(connection, names)
        return all(name in found and found[name] <= position for name in names)

    @contextmanager
    def _alone(self) -> Iterator[psycopg.Connection[Any]]:
        with available("the figures"), self.pool.connection() as lease:
            lease.execute(LOCK)
            try:
                yield lease
            finally:
                lease.execute(UNLOCK)


class Derivation(Thread):
    """One past being derived, while others wait or go away."""

    def __init__(self, past: Past, position: int) -> None:
        super().__init__(name=f"past-{position}", daemon=True)
        self.past = past
        self.position = position
        self.done = self.total = 0
        self.error: Exception | None = None

    def run(self) -> None:
        """Derive it; keep what went wrong for whoever asked."""
        try:
            self.past.derive_at(self.position, self.told)
        except Exception as error:  # noqa: BLE001 - raised to whoever asked
            log.warning("past not derived", position=self.position, error=type(error).__name__)
            self.error = error

    def finish(self, deadline: float) -> None:
        """Wait for it. Raises PastBeingDerivedError."""
        self.join(max(0.0, deadline - monotonic()))
        if self.is_alive():
            raise PastBeingDerivedError(self.done, self.total)

    def told(self, done: int, total: int) -> None:
        """Remember how far it is."""
        self.done, self.total = done, total


def position_at(event_log: EventLog, instant: datetime) -> int:
    """Give the position of the last event recorded until an instant: clocks of a log never go back.

    Raises UnavailableError.
    """

    def recorded_at(position: int) -> datetime:
        [event] = event_log.read(position - 1, position)
        return event.recorded_at

    return bisect_right(range(1, event_log.head() + 1), instant, key=recorded_at)


def suffix_of(position: int) -> str:
    """End the names of what was derived as of a position."""
    return f"_at_{position}"


def is_whole(connection: psycopg.Connection[Any], position: int) -> bool:
    """Say whether a past is kept that was derived to its end, into tables as they are now."""
    tables = [f"read.{one.name}{suffix_of(position)}" for one in FACTS]
    return connection.execute(IS_WHOLE, (position, tables)).fetchone() == (1,)


def drop(connection: psycopg.Connection[Any], position: int) -> None:
    """Forget what was derived as of a position."""
    with connection.transaction():
        for (made,) in connection.execute(MADE, {"end": suffix_of(position)}).fetchall():
            connection.execute(f"DROP {made}".encode())
        connection.execute(FORGET, (position,))
