"""What the rows of one record tell, in order: requests with their instants."""

from datetime import datetime
from typing import Any, NamedTuple

OPENING = "OpenServiceOrder"
REGISTRATION = "RegisterPerson"
OPENED = "opened"  # the ordinal of the first step


class Asked(NamedTuple):
    """One request."""

    request: str
    occurred_at: datetime
    fields: dict[str, Any]


class Step(NamedTuple):
    """What one row, or one part of a row, tells: recorded as a whole, under one key.

    Shape: ``ordinal`` tells it from the other steps of its record, for good.
    """

    ordinal: str
    line: int
    asked: tuple[Asked, ...]


class Story(NamedTuple):
    """A record in our words.

    Shape: ``unrecorded`` counts, by column, the changes that make no fact here; ``left_out`` are
    lines and columns of identifiers that are not valid ones.
    """

    steps: list[Step]
    unrecorded: dict[str, int]
    left_out: list[tuple[int, str]]


class Reject(NamedTuple):
    """Why a record is not imported, and where that was found.

    Shape: ``rule`` is empty where no rule of ours forbids it, but the file cannot be read so.
    """

    line: int
    record: str
    slug: str
    rule: str
    reason: str


class RejectedError(Exception):
    """A record tells what cannot be. It is reported; the other records are imported."""

    def __init__(self, line: int, slug: str, reason: str, rule: str = "") -> None:
        super().__init__(reason)
        self.line = line
        self.slug = slug
        self.reason = reason
        self.rule = rule
