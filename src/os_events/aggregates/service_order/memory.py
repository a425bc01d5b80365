"""What an order keeps of its quotes, its holds, its parts and its money."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from os_events.aggregates.service_order.codes import (
    AssigneeKind,
    Duty,
    HoldCause,
    HoldScope,
    NoticeKind,
    WaiverBasis,
)
from os_events.aggregates.service_order.values import (
    Accessory,
    EndTerm,
    PartSpec,
    QuoteLine,
    RemovedPart,
)


class Work(Enum):
    """Whether somebody is at it."""

    NONE = auto()
    ACTIVE = auto()
    PAUSED = auto()


class Diagnosis(Enum):
    """How far the search for the fault is."""

    NONE = auto()
    STARTED = auto()
    RECORDED = auto()


class Answer(Enum):
    """What the customer said to a version."""

    APPROVED = auto()
    PARTLY_ACCEPTED = auto()
    DECLINED = auto()


@dataclass(frozen=True, slots=True)
class Quote:
    """A version put to the customer; approval is of exactly this."""

    lines: tuple[QuoteLine, ...]
    total: int
    validity_days: int
    end: EndTerm | None
    content_sha256: str
    issued_at: datetime

    @property
    def line_ids(self) -> set[str]:
        """Name the service lines that it holds."""
        return {line.line_id for line in self.lines}

    @property
    def prices(self) -> dict[str, QuoteLine]:
        """Give its lines by their names."""
        return {line.quote_line_id: line for line in self.lines}


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why, and for which lines, no quote is needed."""

    basis: WaiverBasis
    lines: frozenset[str]
    price_table_ref: str | None
    waived_at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """An open hold."""

    scope: HoldScope
    cause: HoldCause
    placed_at: datetime
    version: int  # of the fact


@dataclass(frozen=True, slots=True)
class Reception:
    """The last time that the device came in."""

    number: int
    accessories: tuple[Accessory, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who answers for what. Shape: without lines, for the whole order."""

    kind: AssigneeKind
    assignee: str
    duty: Duty
    lines: frozenset[str]


@dataclass(frozen=True, slots=True)
class PartRequest:
    """A part that was asked for."""

    line_id: str
    quote_line_id: str | None
    part: PartSpec
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class Installation:
    """A part that was put in, and what came out for it."""

    line_id: str
    part: PartSpec
    removed: RemovedPart | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What the customer was told."""

    kind: NoticeKind
    quote_version: int | None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in. Unit: centavos."""

    amount: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """The final costs. Unit: centavos."""

    number: int
    total: int
    quote_version: int | None
    settled_at: datetime
