"""Group commit: one thread and one connection record everything that is waiting, in one call."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic, perf_counter, sleep
from typing import Any

import psycopg

from os_events.errors import UnavailableError
from os_events.eventlog.mapper import SealedEvent
from os_events.eventlog.submission import Answer, Submission, fail, settle
from os_events.failpoints import failpoint
from os_events.metrics import APPEND_BATCH_COMMANDS, APPEND_SECONDS

APPEND = """SELECT * FROM log.append(
    %b::uuid[], %b::uuid[], %b::int[],
    %b::uuid[], %b::bigint[], %b::text[], %b::bytea[],
    %b::int[], %b::text[], %b::uuid[], %b::bytea[])"""
FIRST_PAUSE = 0.02  # seconds before the second attempt; each later pause is twice the one before
LONGEST_PAUSE = 1.0


class Committer:
    """Callers wait on the future that they submit, in a thread or in a coroutine.

    Shape: at most ``largest`` commands go in one call, and at most ``most`` wait for the next.
    """

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[Any]],
        *,
        largest: int = 256,
        most: int = 1000,
    ) -> None:
        self._connect = connect
        self._largest = largest
        self._most = most
        self._connection: psycopg.Connection[Any] | None = None
        self._waiting: SimpleQueue[Submission | None] = SimpleQueue()
        self._over = ""  # why nothing is taken any more
        self._lock = Lock()  # held to queue, and to say that it is over
        self._thread = Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    def submit(self, submission: Submission) -> None:
        """Queue a command. Cancelling its future works until it is taken.

        Raises: UnavailableError at once when too many wait, or nothing is recorded any more.
        """
        with self._lock:
            if self._over:
                raise UnavailableError(self._over)
            if self._waiting.qsize() >= self._most:
                raise UnavailableError(f"{self._most} commands are waiting to be recorded")
            self._waiting.put(submission)

    def check_alive(self) -> None:
        """Find whether anything can be recorded before a restart. Raises UnavailableError."""
        if not self._thread.is_alive():
            raise UnavailableError(self._over)

    def close(self) -> None:
        """Record what is waiting, then stop."""
        with self._lock:
            self._over = self._over or "the log is closed"
            self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        taken: list[Submission | None] = []
        try:
            while None not in taken:
                taken = self._take()
                self._record([one for one in taken if one and wanted(one)])
        except BaseException as error:
            self._give_up(taken, error)
            raise
        finally:
            self._disconnect()

    def _take(self) -> list[Submission | None]:
        taken = [self._waiting.get()]
        with suppress(Empty):
            while len(taken) < self._largest:
                taken.append(self._waiting.get_nowait())
        return taken

    def _record(self, batch: list[Submission]) -> None:
        pause = FIRST_PAUSE
        while batch:
            try:
                answers = self._append(batch)
            except psycopg.OperationalError as error:
                # The answer was lost, perhaps after the commit: the keys make asking again safe.
                self._disconnect()
                batch = in_time(batch, error)
                sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            except Exception as error:  # noqa: BLE001 - whatever it is, its caller must hear of it
                self._blame(batch, error)
                return
            else:
                settle(batch, answers)
                return

    def _blame(self, batch: list[Submission], error: Exception) -> None:
        """Tell who is at fault; its neighbours shall not suffer."""
        if len(batch) == 1:
            fail(batch, error)
        else:
            for submission in batch:
                self._record([submission])

    def _append(self, batch: list[Submission]) -> list[Answer]:
        if self._connection is None:
            self._connection = self._connect()
        cursor = self._connection.cursor(binary=True)
        failpoint("append.sent")
        began = perf_counter()
        rows = cursor.execute(APPEND, arguments(batch), prepare=True).fetchall()
        APPEND_SECONDS.observe(perf_counter() - began)
        APPEND_BATCH_COMMANDS.observe(len(batch))
        failpoint("append.answered")
        return [Answer(*row) for row in rows]

    def _disconnect(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _give_up(self, taken: list[Submission | None], error: BaseException) -> None:
        """Let nobody wait for a thread that has ended."""
        with self._lock:
            self._over = f"nothing is recorded any more, since {type(error).__name__}: restart"
            with suppress(Empty):
                while True:
                    taken.append(self._waiting.get_nowait())
        unsettled = [one for one in taken if one and not one.answer.done()]
        fail(unsettled, UnavailableError(self._over))


def arguments(batch: Sequence[Submission]) -> tuple[list[Any], ...]:
    """Lay a batch out as ``log.append`` takes it."""
    events = [event for submission in batch for event in submission.events]
    vault = [
        (place, *row)
        for place, event in enumerate(events, start=1)
        if isinstance(event, SealedEvent)
        for row in event.vault
    ]
    return (
        [submission.request.key for submission in batch],
        [submission.request.body for submission in batch],
        [len(submission.events) for submission in batch],
        [event.originator_id for event in events],
        [event.originator_version for event in events],
        [event.topic for event in events],
        [event.state for event in events],
        *([list(column) for column in zip(*vault, strict=True)] or ([], [], [], [])),
    )


def wanted(submission: Submission) -> bool:
    """Say whether anybody still waits for a command that was taken from the queue."""
    if not submission.answer.set_running_or_notify_cancel():
        return False
    return bool(in_time([submission], TimeoutError("it waited too long to be sent")))


def in_time(batch: list[Submission], error: Exception) -> list[Submission]:
    """Give those that may still be tried; tell the others why it did not work."""
    now = monotonic()
    fail([submission for submission in batch if submission.until <= now], error)
    return [submission for submission in batch if submission.until > now]
