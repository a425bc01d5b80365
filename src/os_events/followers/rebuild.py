"""Build read models anew beside those that answer, history by history, then put them in place."""

import gc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.util import Finalize
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.errors import DeadlockDetected, LockNotAvailable

from os_events.errors import ConflictError
from os_events.eventlog.database import Pool, available
from os_events.eventlog.log import EventLog
from os_events.followers import positions
from os_events.followers.derivation import Derivation
from os_events.followers.follower import Follower
from os_events.followers.history_tables import HistoryTables, grouped
from os_events.followers.tables import UnderivableError

CHUNK = 500  # histories
TRIES = 6  # to put tables in place while others read, each up to the limit of waiting for a lock
LEASE = "SELECT pg_try_advisory_lock(hashtext('read.rebuild'))"
RELEASE = "SELECT pg_advisory_unlock(hashtext('read.rebuild'))"
LOCK = "SELECT position FROM read.position WHERE follower = ANY(%s) FOR UPDATE"


class RebuildUnderWayError(ConflictError):
    """Read models are being rebuilt already. Wait for it."""

    slug = "rebuild-under-way"


class Source(NamedTuple):
    """Where rows come from, and where they go."""

    log: EventLog
    pool: Pool


Derivations = Sequence[Derivation[Any]]
Progress = Callable[[int, int], None]  # histories done, and in all
Reach = Callable[[], AbstractContextManager[Source]]  # picklable
Chunk = list[UUID]


def tell_nobody(_done: int, _total: int) -> None:
    """Keep quiet about how far it is."""


class Rebuild:
    """One rebuild: histories as they were at ``position``, in chunks that do not know each other.

    The pool must have three connections.
    """

    def __init__(self, source: Source, derivations: Derivations) -> None:
        self.source = source
        self.parts = [Part(source, live) for live in grouped(source.log, derivations)]
        self.position = source.log.head()

    def run(
        self, progress: Progress = tell_nobody, processes: int = 1, reach: Reach | None = None
    ) -> None:
        """Build, catch up with the log, switch; other processes get at both by ``reach``.

        Raises: RebuildUnderWayError, UnderivableError, UnavailableError.
        """
        with alone(self.source.pool):
            chunks = [(part, ids) for part in self.parts for ids in part.begin(self.position)]
            done, total = 0, sum(len(ids) for _, ids in chunks)
            progress(done, total)
            for finished in self._copied(chunks, processes, reach):
                done += finished
                progress(done, total)
            for part in self.parts:
                part.switch(part.catch_up(self.position))

    def _copied(
        self, chunks: list[tuple["Part", Chunk]], processes: int, reach: Reach | None
    ) -> Iterator[int]:
        """Write the rows of all chunks; give the number of histories each time."""
        if reach is None or processes == 1:
            for part, ids in chunks:
                yield part.copy(ids, self.position)
            return
        others, spawn = processes - 1, get_context("spawn")
        with ProcessPoolExecutor(others, spawn, reach_out, (reach,)) as workers:
            work = deque(
                (workers.submit(copy_there, part.derivations, ids, self.position), part, ids)
                for part, ids in reversed(chunks)  # what takes longest is the first
            )
            try:
                while work:  # the others begin at its front, and take a second to start
                    there, part, ids = work.pop()
                    yield part.copy(ids, self.position) if there.cancel() else there.result()
                    while work and work[0][0].done():
                        yield work.popleft()[0].result()
            finally:
                workers.shutdown(cancel_futures=True)


class Part:
    """The tables of one kind of history: those that answer, and those that are built."""

    def __init__(self, source: Source, live: HistoryTables) -> None:
        self.log, self.pool = source
        self.live = live
        self.derivations = [table.derivation for table in live.tables]
        self.next = HistoryTables(source.log, self.derivations, positions.BESIDE)

    def begin(self, position: int) -> list[Chunk]:
        """Make the new tables; name what they are to hold."""
        with self.pool.connection() as connection, connection.transaction():
            for table in self.next.tables:
                table.create(connection)
        return self.next.chunks(position, CHUNK)

    def copy(self, ids: Chunk, position: int) -> int:
        """Write the rows of some histories in one transaction; say of how many."""
        return copy(self.next, self.pool, ids, position)

    def catch_up(self, position: int) -> Follower:
        """Follow the log from ``position`` to its end."""
        follower = Follower(self.log, self.pool, self.next)
        with self.pool.connection() as connection:
            connection.execute(positions.SET, (self.next.positions, position))
            for table in self.next.tables:
                connection.execute(f"ANALYZE read.{table.name}")
        follow_to(follower, position)
        return follower

    def switch(self, follower: Follower) -> None:
        """Put the new tables in the place of the old ones, without going back behind them.

        Whoever asks several of them at once may hold one and wait for another: let them finish.
        """
        Follower(self.log, self.pool, self.live)  # makes what never was there
        for _ in range(TRIES - 1):
            with suppress(DeadlockDetected, LockNotAvailable):
                return self._put_in_place(follower)
        return self._put_in_place(follower)

    def _put_in_place(self, follower: Follower) -> None:
        with self.pool.connection() as connection, connection.transaction():
            reached = connection.execute(LOCK, (self.live.positions,)).fetchall()
            follow_to(follower, max(at for (at,) in reached))  # nobody moves them meanwhile
            for old, new in zip(self.live.tables, self.next.tables, strict=True):
                new.become(connection, old)
            connection.execute(positions.SET, (self.live.positions, follower.position()))
            connection.execute(positions.FORGET, (self.next.positions,))
            connection.execute(positions.WELL, ([*self.live.positions, *self.next.positions],))


@contextmanager
def alone(pool: Pool) -> Iterator[None]:
    """Keep every other rebuild away. Raises RebuildUnderWayError."""
    with available("the read models"), pool.connection() as lease:
        if lease.execute(LEASE).fetchone() != (True,):
            raise RebuildUnderWayError("another process is at it")
        try:
            yield
        finally:
            lease.execute(RELEASE)


def copy(target: HistoryTables, pool: Pool, ids: Chunk, position: int) -> int:
    """Write the rows of some histories as of a position in one transaction; say of how many."""
    with without_collector():
        _copy(target, pool, ids, position)  # lets go of it all: nothing is left to be searched
    return len(ids)


def _copy(target: HistoryTables, pool: Pool, ids: Chunk, position: int) -> None:
    histories = target.read(ids, position)
    with pool.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL synchronous_commit = off")  # what follows waits for all
        for table in target.tables:
            table.copy(connection, histories)


def follow_to(follower: Follower, position: int) -> None:
    """Let a follower catch up, at least to ``position``. Raises UnderivableError."""
    while follower.step() or follower.position() < position:
        for name, after in follower.stopped.items():
            raise UnderivableError(f"{name} cannot apply position {after + 1}")


@contextmanager
def without_collector() -> Iterator[None]:
    """Spare Python the search for cycles: events have none, and it takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


_reached: list[Source] = []  # by a process of a rebuild, when it begins


def reach_out(reach: Reach) -> None:
    """Open log and pool in a process of one's own, and close them when it ends."""
    opened = ExitStack()
    _reached.append(opened.enter_context(reach()))
    Finalize(None, opened.close, exitpriority=1)


def copy_there(derivations: Derivations, ids: Chunk, position: int) -> int:
    """Write the rows of some histories, in such a process."""
    [source] = _reached
    return Part(source, HistoryTables(source.log, derivations)).copy(ids, position)
