"""What the log says of itself, as far as it concerns those who publish it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.log import Opened, PublicationSkipped, Restored
from os_events.eventlog.log import EventLog


@dataclass(frozen=True, slots=True)
class Chronicle:
    """Since when the log has which name, and what somebody left out of which topic.

    Shape: each name goes with the position from which on it holds, in order; ``skipped`` pairs
    topic and position.
    """

    since: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    skipped: frozenset[tuple[str, int]] = frozenset()

    def epoch(self, position: int) -> int:
        """Count the names up to a position: 1, until the log was restored."""
        return max(bisect_right(self.since, position), 1)

    def origin(self, position: int) -> str:
        """Give the name under which a position was recorded."""
        return self.names[self.epoch(position) - 1]


def chronicle_of(log: EventLog, log_id: UUID, upto: int) -> Chronicle:
    """Read it, up to a position. Raises UnavailableError."""
    return chronicle_in(log.history_of(log_id, upto))


def chronicle_in(events: Sequence[DomainEvent]) -> Chronicle:
    """Read it in what the log says of itself, in order."""
    named = [event for event in events if isinstance(event, Opened | Restored)]
    left_out = (event for event in events if isinstance(event, PublicationSkipped))
    return Chronicle(
        tuple(event.position for event in named),
        tuple(event.origin for event in named),
        frozenset((event.topic, event.skipped_position) for event in left_out),
    )
