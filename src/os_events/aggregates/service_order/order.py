"""What an order remembers. The chapters beside this module are what can happen to it.

Facts may be replayed in another order than they were recorded in: the state keeps dictionaries and
sets, and asks for nothing that another fact must have put there.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import ClassVar
from uuid import UUID

from os_events.aggregates.base import Aggregate
from os_events.aggregates.service_order.codes import (
    Basis,
    ClosingOutcome,
    ConsumerStatus,
    ContractPlace,
    HoldCause,
    HoldScope,
    LineOutcome,
    NoticeKind,
    OrderType,
    PartState,
    Priority,
    Profile,
    Route,
    WaiverBasis,
    WorkOutcome,
)
from os_events.aggregates.service_order.values import (
    Accessory,
    Asset,
    PartSpec,
    QuoteLine,
    RemovedPart,
    ServiceLine,
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
    end: object  # an EndTerm; quoting.py knows how to read it
    content_sha256: str
    issued_at: datetime

    @property
    def line_ids(self) -> set[str]:
        """Name the service lines that it holds."""
        return {line.line_id for line in self.lines}


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


@dataclass(frozen=True, slots=True)
class Reception:
    """The last time that the device came in."""

    number: int
    accessories: tuple[Accessory, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class PartRequest:
    """A part that was asked for."""

    line_id: str
    quote_line_id: str | None
    part: PartSpec


@dataclass(frozen=True, slots=True)
class Installation:
    """A part that was put in, and what came out for it."""

    line_id: str
    part: PartSpec
    removed: RemovedPart | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What the customer was told, and when."""

    kind: NoticeKind
    quote_version: int | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """The final costs. Unit: centavos."""

    number: int
    total: int
    quote_version: int | None
    settled_at: datetime


class ServiceOrder(Aggregate):
    """One job, from opening to closing."""

    TOPIC: ClassVar[str] = "service-order"

    order_number: str
    profile: Profile
    route: Route
    type: OrderType
    basis: Basis
    priority: Priority
    contract_place: ContractPlace
    consumer_status: ConsumerStatus
    customer_id: UUID
    requester_id: UUID | None
    authorised_persons: tuple[UUID, ...]
    unit_id: UUID
    place_zone: str
    uf: str
    municipality: str
    lines: tuple[ServiceLine, ...]
    asset: Asset | None
    quality_test_required: bool
    previous_order_id: UUID | None
    # organising
    triaged: bool = False
    assignments: dict[UUID, str] = field(default_factory=dict)  # in force: assignee's id
    lead_technician: str | None = None
    notices: dict[UUID, Notice] = field(default_factory=dict)
    promise_no: int = 0
    promised_at: datetime | None = None
    # custody
    reception: Reception | None = None
    in_custody: bool = False
    handover_no: int = 0
    handed: bool = False
    handed_unrepaired: bool = False
    # diagnosis and quote
    diagnosis: Diagnosis = Diagnosis.NONE
    diagnosis_no: int = 0
    quotes: dict[int, Quote] = field(default_factory=dict)
    delivered: dict[int, datetime] = field(default_factory=dict)  # version: when received
    valid_until: dict[int, datetime] = field(default_factory=dict)  # of delivered versions
    answers: dict[int, Answer] = field(default_factory=dict)
    approved_at: dict[int, datetime] = field(default_factory=dict)
    conditions_consented: dict[int, frozenset[str]] = field(default_factory=dict)
    immediate_execution: set[int] = field(default_factory=set)
    lines_declined: dict[int, frozenset[str]] = field(default_factory=dict)
    expired: set[int] = field(default_factory=set)
    waiver: Waiver | None = None
    declined_whole: bool = False
    unrepairable: bool = False
    suspect: bool = False  # a public register says that the device is blocked
    # parts and work
    part_requests: dict[UUID, PartRequest] = field(default_factory=dict)
    part_states: dict[UUID, PartState] = field(default_factory=dict)
    requests_installed: set[UUID] = field(default_factory=set)
    installations: dict[UUID, Installation] = field(default_factory=dict)
    removed_parts: int = 0
    holds: dict[UUID, Hold] = field(default_factory=dict)  # open ones
    work: Work = Work.NONE
    work_since: datetime | None = None
    lines_started: set[str] = field(default_factory=set)
    line_outcomes: dict[str, LineOutcome] = field(default_factory=dict)
    activities: int = 0
    completion_no: int = 0
    completed_at: datetime | None = None  # since the last reopening
    last_outcome: WorkOutcome | None = None
    done: bool = False
    tested: bool = False
    ready: bool = False
    # money and end
    settlement: Settlement | None = None
    paid: int = 0  # payments less refunds and reversals
    payments: dict[UUID, int] = field(default_factory=dict)  # of payments only
    ended: ClosingOutcome | str | None = None  # set while it is closed or "cancelled"
    closing_no: int = 0
    reopening_no: int = 0

    @property
    def subject(self) -> UUID:
        """Whom its personal data are about: the customer."""
        return self.customer_id

    @property
    def zone(self) -> str:
        """The zone of the place of performance."""
        return self.place_zone

    @property
    def line_ids(self) -> set[str]:
        """Name the service lines."""
        return {line.line_id for line in self.lines}

    @property
    def latest_version(self) -> int:
        """Number the newest quote; 0 without one."""
        return max(self.quotes, default=0)

    @property
    def approved_version(self) -> int:
        """Number the quote in force; 0 without one. A newer approval supersedes an older."""
        return max(self.approved_at, default=0)

    @property
    def approved(self) -> Quote | None:
        """Give the quote in force."""
        return self.quotes.get(self.approved_version)

    @property
    def authorised(self) -> bool:
        """Say whether anything allows the work."""
        return self.approved is not None or self.waiver is not None

    @property
    def scope(self) -> set[str]:
        """Name the service lines that may be worked on."""
        approved = self.approved.line_ids if self.approved else set()
        return approved | (set(self.waiver.lines) if self.waiver else set())

    @property
    def sent(self) -> set[int]:
        """Number the versions that were sent to the customer."""
        return {
            notice.quote_version
            for notice in self.notices.values()
            if notice.kind is NoticeKind.QUOTE and notice.quote_version
        }

    @property
    def pending(self) -> bool:
        """Say whether the latest version was sent or delivered, and has no answer."""
        latest = self.latest_version
        put = latest in self.delivered or latest in self.sent
        return bool(latest) and put and latest not in self.answers

    @property
    def declined(self) -> bool:
        """Say whether the customer declined all, and nothing is authorised."""
        return self.declined_whole and not self.authorised

    @property
    def to_return(self) -> bool:
        """Say whether the device goes back as it is."""
        return self.declined or self.unrepairable

    @property
    def held(self) -> bool:
        """Say whether a hold stops the order."""
        return any(hold.scope is HoldScope.ORDER for hold in self.holds.values())

    @property
    def parts_awaited(self) -> list[PartRequest]:
        """Give the requested parts that are neither at hand nor given up."""
        here = {PartState.RESERVED, PartState.ARRIVED, PartState.CANCELLED}
        return [
            request
            for part_request_id, request in self.part_requests.items()
            if part_request_id not in self.requests_installed
            and self.part_states.get(part_request_id) not in here
        ]

    @property
    def balance(self) -> int:
        """Give what is still owed; negative when too much was paid. Unit: centavos."""
        return (self.settlement.total if self.settlement else 0) - self.paid
