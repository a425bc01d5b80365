"""Fill a reader from the log, beside what it has, then go on from its topic without gap or double.

The ends of the topic are read first, then the end of the log: what the topic holds before those
ends was recorded by then, and so it is copied; what is copied twice is recognised.
"""

from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from time import monotonic
from typing import Any, NamedTuple

import psycopg
from psycopg.errors import DeadlockDetected, LockNotAvailable

from os_events.aggregates.log import Restored
from os_events.errors import TamperedError, UnavailableError
from os_events.eventlog.database import AUDITOR, Pool, available, connect
from os_events.followers import positions
from os_events.followers.history_tables import grouped
from os_events.followers.positions import BESIDE
from os_events.followers.rebuild import CHUNK, TRIES, Progress, alone, copy
from os_events.followers.tables import Table
from os_events.messaging.ports import Broker
from os_events.messaging.readers.keeping import DATABASE, Keeping, Reader
from os_events.messaging.readers.places import Place, Places
from os_events.messaging.readers.received import BESIDE_IT, COLUMNS, IN_PLACE, Received
from os_events.messaging.readers.worker import Worker
from os_events.messaging.records import Partition

AT_ONCE = 50_000  # positions copied in one statement
CLOSE = 5_000  # records that are still to come when the new tables take their place
PATIENCE = 20.0  # seconds without progress until the topic is believed to give nothing
HEAD = """SELECT (SELECT coalesce(max(position), 0) FROM log.events), (
    SELECT 1 + count(*) FROM log.events WHERE event = %s
    AND aggregate_id = (SELECT aggregate_id FROM log.events WHERE position = 1))"""
OUT = f"""COPY (SELECT {COLUMNS} FROM log.events WHERE position > %s AND position <= %s
    ORDER BY position) TO STDOUT (FORMAT BINARY)"""  # noqa: S608 - only our words
INTO = f"COPY messaging.received{BESIDE} ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
COUNT = f"SELECT count(*) FROM messaging.received{BESIDE}"  # noqa: S608 - as above

Connection = psycopg.Connection[Any]


class ReaderCannotFollowError(UnavailableError):
    """The topic does not go on where the log ended. Look at the publisher; then fill again."""

    slug = "reader-cannot-follow"


class Start(NamedTuple):
    """Where a reader goes on that has all up to ``position``."""

    offsets: Mapping[Partition, int]
    position: int
    epoch: int


class Filling:
    """One filling of a reader from the log at ``log_url``, into the database of ``pool``."""

    def __init__(self, pool: Pool, reader: Reader, broker: Broker, log_url: str) -> None:
        self.pool = pool
        self.live = reader
        self.beside = replace(reader, suffix=BESIDE)
        self.broker = broker
        self.log_url = log_url

    def run(
        self, progress: Callable[[str], Progress], connect_here: Callable[[], Connection]
    ) -> int:
        """Fill, follow, put in place; give the position up to which the log was copied.

        Shape: ``progress`` is asked with what is done next. Raises: RebuildUnderWayError,
        ReaderCannotFollowError, UnderivableError, UnavailableError.
        """
        partitions = self.broker.partitions(self.live.topic)
        with alone(self.pool), closing(self.broker.reader(partitions)) as consumer:
            start = self._copied(consumer.end_offsets(partitions), progress("copy"))
            self._derive(start, progress("derive"))
            with connect_here() as connection:
                worker = Worker(consumer, Keeping(connection, self.beside))
                worker.hold(partitions)
                follow(worker, lambda: sum(worker.lags().values()) <= CLOSE)
                self._switch(worker)
        return start.position

    def _copied(self, ends: Mapping[Partition, int], progress: Progress) -> Start:
        """Copy the rows of the log up to where it ends now."""
        with available("the log"), connect(self.log_url, AUDITOR) as log:
            [(position, epoch)] = log.execute(HEAD, (Restored.TOPIC,)).fetchall()
            with self.pool.connection() as here:
                here.execute(BESIDE_IT)
                for after in range(0, position, AT_ONCE):
                    copy_rows(log, here, after, min(after + AT_ONCE, position))
                    progress(min(after + AT_ONCE, position), position)
                [(count,)] = here.execute(COUNT).fetchall()
                here.execute(f"ANALYZE messaging.received{BESIDE}")
        if count != position:
            raise TamperedError(f"the log has {count} events up to position {position}")
        return Start(ends, position, epoch)

    def _derive(self, start: Start, progress: Progress) -> None:
        """Make the tables of what was copied."""
        received = Received(self.pool.connection, BESIDE)
        groups = grouped(received, self.live.derivations, BESIDE)
        with self.pool.connection() as one, one.transaction():
            positions.prepare(one, [])
            for table in (table for group in groups for table in group.tables):
                table.create(one)
        done, chunks = 0, [(g, ids) for g in groups for ids in g.chunks(start.position, CHUNK)]
        total = sum(len(ids) for _, ids in chunks)
        for group, ids in chunks:
            done += copy(group, self.pool, ids, start.position)
            progress(done, total)
        with self.pool.connection() as one, one.transaction():
            one.execute(positions.SET, (self.beside.tables, start.position))
            for name in self.beside.tables:
                one.execute(f"ANALYZE read.{name}")
            self._places(one, BESIDE).begin(start.offsets, start.position, start.epoch)

    def _switch(self, worker: Worker) -> None:
        """Put the new tables in the place of the old ones; whoever asks those is let finish."""
        with available(DATABASE):
            for _ in range(TRIES - 1):
                with suppress(DeadlockDetected, LockNotAvailable):
                    return self._put_in_place(worker)
            return self._put_in_place(worker)

    def _put_in_place(self, worker: Worker) -> None:
        """Let the new tables answer, without going back behind the old ones."""
        with self.pool.connection() as one, one.transaction():
            live = self._places(one, "").all(locked=True)  # nobody moves them meanwhile
            follow(worker, lambda: is_beyond(worker, live))
            worker.keeping.advance()
            at = positions.positions_of(one, self.beside.tables)
            one.execute(IN_PLACE)
            for derivation in self.live.derivations:
                Table(derivation, BESIDE).become(one, Table(derivation))
            one.execute(positions.SET, (self.live.tables, min(at.values())))
            one.execute(positions.FORGET, (self.beside.tables,))
            positions.retire(one, positions.retired(one, self.live.tables))
            self._places(one, BESIDE).become(self._places(one, ""))

    def _places(self, connection: Connection, suffix: str) -> Places:
        return Places(connection, f"{self.live.name}{suffix}", self.live.topic)


def copy_rows(log: Connection, here: Connection, after: int, upto: int) -> None:
    """Let the rows of some positions through, as they are."""
    with here.transaction():
        here.execute("SET LOCAL synchronous_commit = off")  # what follows waits for all
        reading, writing = log.cursor(), here.cursor()
        with reading.copy(OUT, (after, upto)) as out, writing.copy(INTO) as into:
            for block in out:
                into.write(block)


def follow(worker: Worker, arrived: Callable[[], bool]) -> None:
    """Take in what the topic has until it is enough. Raises ReaderCannotFollowError."""
    moved = monotonic()
    while not arrived():
        if worker.step():
            moved = monotonic()
        stopped = [f"{p.number}: {at.stopped}" for p, at in worker.held.items() if at.stopped]
        if stopped:
            raise ReaderCannotFollowError(f"partition {', '.join(stopped)}")
        if monotonic() - moved > PATIENCE:
            raise ReaderCannotFollowError(f"nothing came for {PATIENCE:.0f} seconds")


def is_beyond(worker: Worker, live: Mapping[Partition, Place]) -> bool:
    """Say whether a worker has all that another reader has that stands at its places.

    It may stand where the topic does not reach any more: then there is nothing to wait for.
    """
    lags, held = worker.lags(), worker.held
    return all(
        not lags.get(one, 1) or held[one].next_offset >= place.next_offset
        for one, place in live.items()
    )
