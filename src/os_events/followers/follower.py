"""A follower reads the log in batches; its effect and its position are one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol

import psycopg
import structlog
from opentelemetry.trace import SpanKind

from os_events.aggregates.base import DomainEvent
from os_events.errors import OsEventsError, UnavailableError
from os_events.eventlog.database import Pool, available
from os_events.eventlog.log import EventLog
from os_events.eventlog.topics import UnreadableEventError
from os_events.failpoints import failpoint
from os_events.followers import positions
from os_events.metrics import FOLLOWER_BATCH_EVENTS, FOLLOWER_BATCH_SECONDS
from os_events.tracing import Attributes, batch_span

Connection = psycopg.Connection[Any]

log = structlog.get_logger()


class FencedError(UnavailableError):
    """Somebody else moved the position. Read it again before the next batch."""

    slug = "follower-fenced"


@dataclass(frozen=True, slots=True)
class Batch:
    """The wanted events at positions after < position <= upto, in order of the log."""

    after: int
    upto: int
    events: list[DomainEvent]


class Effect(Protocol):
    """What a follower does with a batch. Personal values are sealed, unless it is ``opened``."""

    name: str
    topics: Sequence[str]
    opened: bool

    @property
    def positions(self) -> Sequence[str]:
        """Name the positions that it keeps: one a table."""

    def prepare(self, connection: Connection) -> None:
        """Make the tables."""

    def apply_batch(self, connection: Connection, batch: Batch, moved: Sequence[str]) -> None:
        """Take in a batch for the positions ``moved``, in the transaction of ``connection``."""


class Follower:
    """One effect, and its place in the log."""

    largest = 5000  # positions a batch

    def __init__(self, event_log: EventLog, pool: Pool, effect: Effect) -> None:
        self.event_log = event_log
        self.pool = pool
        self.effect = effect
        self.limit = self.largest
        self.stopped: dict[str, int] = {}  # what stands still, and where
        with available("the read models"), pool.connection() as one, one.transaction():
            positions.prepare(one, effect.positions)
            effect.prepare(one)

    def positions(self) -> dict[str, int]:
        """Give each position. Raises UnavailableError."""
        with available("the read models"), self.pool.connection() as connection:
            return positions.positions_of(connection, self.effect.positions)

    def position(self) -> int:
        """Give the position that all have reached."""
        return min(self.positions().values())

    def step(self) -> bool:
        """Take in the next batch; say whether there was anything to do.

        What is behind the others catches up first. A batch that fails is halved, until one event is
        left; then whatever cannot apply it stands still before it, says so in ``read.health``, and
        is tried again after a restart or a rebuild. Raises: UnavailableError, FencedError.
        """
        going = {name: at for name, at in self.positions().items() if self.stopped.get(name) != at}
        if not going:
            return False
        after = min(going.values())
        further = [at for at in going.values() if at > after]
        upto = min(self.event_log.head(), after + self.limit, *further)
        if upto <= after:
            return False
        moved = [name for name, at in going.items() if at == after]
        try:
            self._take_in(after, upto, moved)
        except Exception as error:
            if will_pass(error):
                raise
            self._narrow(after, upto, moved, error)
        else:
            self.limit = min(self.limit * 2, self.largest)
        return True

    def _take_in(self, after: int, upto: int, moved: list[str]) -> None:
        name, began = self.effect.name, perf_counter()
        events = self.event_log.read(after, upto, self.effect.topics, opened=self.effect.opened)
        batch, traces = Batch(after, upto, events), (event.traceparent for event in events)
        with batch_span(f"follow {name}", SpanKind.INTERNAL, traces, attributes(name, batch)):
            self._apply(batch, moved)
        FOLLOWER_BATCH_SECONDS.labels(name).observe(perf_counter() - began)
        FOLLOWER_BATCH_EVENTS.labels(name).observe(upto - after)

    def _apply(self, batch: Batch, moved: list[str]) -> None:
        name, (after, upto) = self.effect.name, (batch.after, batch.upto)
        with available("the read models"), self.pool.connection() as one, one.transaction():
            if not positions.move(one, moved, after, upto):
                raise FencedError(f"{name} was moved from {after} by somebody else")
            self.effect.apply_batch(one, batch, moved)
            failpoint("follower.applied")

    def _narrow(self, after: int, upto: int, moved: list[str], error: Exception) -> None:
        if upto - after > 1:
            self.limit = (upto - after) // 2
        elif len(moved) > 1:
            for name in moved:
                self._try_alone(after, upto, name)
        else:
            self._stop(moved[0], upto, error)

    def _try_alone(self, after: int, upto: int, name: str) -> None:
        try:
            self._take_in(after, upto, [name])
        except Exception as error:
            if will_pass(error):
                raise
            self._stop(name, upto, error)

    def _stop(self, name: str, position: int, error: Exception) -> None:
        kind = error.slug if isinstance(error, OsEventsError) else type(error).__name__
        with available("the read models"), self.pool.connection() as connection:
            connection.execute(positions.STOP, (name, position, kind))
        self.stopped[name] = position - 1
        log.error("follower stopped", follower=name, position=position, error=kind)


def attributes(follower: str, batch: Batch) -> Attributes:
    """Say of a span which batch it is of."""
    return {
        "os_events.follower": follower,
        "os_events.after": batch.after,
        "os_events.upto": batch.upto,
    }


def will_pass(error: Exception) -> bool:
    """Say whether it may be otherwise in a moment. An event that is not known here will not be."""
    return isinstance(error, UnavailableError) and not isinstance(error, UnreadableEventError)
