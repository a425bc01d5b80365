"""What a publisher sends: for each position of the log a record, or nothing."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from os_events.errors import TamperedError
from os_events.messaging.chronicle import Chronicle
from os_events.messaging.records import Outgoing


class LogGapError(TamperedError):
    """A position of the log is missing. Run ``os-events audit``; never go on by hand."""

    slug = "log-gap"


class PoisonousEventError(TamperedError):
    """An event and its public shape disagree. Install a release that mends the shape.

    If it must go on before: ``os-events publisher skip TOPIC --position N --reason TEXT``.
    """

    slug = "event-poisonous"


class Entry(NamedTuple):
    """A position, and what is sent for it, if anything is."""

    position: int
    record: Outgoing | None


class Entries(Protocol):
    """Reads the log for a topic."""

    def __call__(self, after: int, upto: int, chronicle: Chronicle) -> Iterator[Entry]:
        """Give every position with after < position <= upto, in order.

        Raises: LogGapError, PoisonousEventError, UnreadableEventError, UnavailableError.
        """


class Feed(Protocol):
    """One topic of what the log holds."""

    topic: str

    def opened(self) -> AbstractContextManager[Entries]:
        """Open what it is read by. Raises UnavailableError."""
