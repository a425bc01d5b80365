"""How far a page is behind the record."""

from dataclasses import dataclass

from os_events.console.parts import Parts
from os_events.followers.positions import AsOf, least


@dataclass(frozen=True)
class Health:
    """What a page reflects. Shape: ``behind`` counts facts that are on record and not shown."""

    position: int
    behind: int
    stopped: bool


def health_of(parts: Parts, *, searching: bool = False) -> Health:
    """Say how far the board is, and what finds people, if it is asked.

    Asked before a question, it is what the answer has at least.
    """
    head, as_of = parts.log.head(), parts.board.as_of()
    return health_at(head, least(as_of, parts.lookup.as_of()) if searching else as_of)


def health_at(head: int, as_of: AsOf) -> Health:
    """Say how far the tables that a page is made of are behind the end of the record."""
    behind = max(0, head - as_of.position)
    return Health(as_of.position, behind, as_of.degraded_since is not None)
