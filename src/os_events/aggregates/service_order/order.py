"""What an order remembers. The chapters beside this module are what can happen to it.

Facts may be replayed in another order than they were recorded in: the state keeps dictionaries and
sets, and asks for nothing that another fact must have put there.
"""

from collections import Counter
from dataclasses import field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from os_events.aggregates.base import Aggregate
from os_events.aggregates.service_order.codes import (
    AssigneeKind,
    Basis,
    ClosingOutcome,
    ContractPlace,
    Duty,
    HoldScope,
    LineOutcome,
    NoticeKind,
    OrderType,
    PartState,
    Priority,
    Profile,
    Route,
)
from os_events.aggregates.service_order.memory import (
    Answer,
    Assignment,
    Diagnosis,
    Hold,
    Installation,
    Notice,
    PartRequest,
    Payment,
    Quote,
    Reception,
    Settlement,
    Waiver,
    Work,
)
from os_events.aggregates.service_order.values import Asset, ServiceLine
from os_events.values.consumer import ConsumerStatus
from os_events.values.days import Deadline

CANCELLED = "cancelled"  # beside the outcomes of a closing


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
    ids: set[UUID] = field(default_factory=set)  # of things in it; none is used twice
    # organising
    triaged: bool = False
    assignments: dict[UUID, Assignment] = field(default_factory=dict)  # all that ever were
    replaced: set[UUID] = field(default_factory=set)  # those that are over
    notices: dict[UUID, Notice] = field(default_factory=dict)
    promise_no: int = 0
    promised_at: datetime | None = None
    # custody
    reception: Reception | None = None
    in_custody: bool = False
    handover_no: int = 0
    handed: bool = False
    handed_at: datetime | None = None  # the last time
    handed_unrepaired: bool = False
    parts_accounted_for: set[UUID] = field(default_factory=set)  # installations
    # diagnosis and quote
    diagnosis: Diagnosis = Diagnosis.NONE
    diagnosis_no: int = 0
    diagnosis_started_at: datetime | None = None
    quotes: dict[int, Quote] = field(default_factory=dict)
    delivered: dict[int, datetime] = field(default_factory=dict)  # version: when received
    validities: dict[int, Deadline] = field(default_factory=dict)  # of delivered versions
    answers: dict[int, Answer] = field(default_factory=dict)
    answered_by: dict[int, int] = field(default_factory=dict)  # version of the quote: of the fact
    approved_at: dict[int, datetime] = field(default_factory=dict)
    conditions_consented: dict[int, frozenset[str]] = field(default_factory=dict)
    lines_declined: set[str] = field(default_factory=set)  # and not offered again since
    expired: set[int] = field(default_factory=set)
    waivers: list[Waiver] = field(default_factory=list)
    declined_whole: bool = False  # by the last answer that was no approval
    unrepairable: bool = False
    suspect: bool = False  # a public register says that the device is blocked
    # parts and work
    part_requests: dict[UUID, PartRequest] = field(default_factory=dict)
    part_states: dict[UUID, PartState] = field(default_factory=dict)
    requests_installed: set[UUID] = field(default_factory=set)
    installations: dict[UUID, Installation] = field(default_factory=dict)
    holds: dict[UUID, Hold] = field(default_factory=dict)  # open ones
    work: Work = Work.NONE
    work_began_at: datetime | None = None  # the first time
    work_since: datetime | None = None  # the last time
    work_ended_at: datetime | None = None  # by the last completion
    lines_started: set[str] = field(default_factory=set)
    lines_worked: set[str] = field(default_factory=set)  # those with an activity
    line_outcomes: dict[str, LineOutcome] = field(default_factory=dict)
    activities: int = 0
    completion_no: int = 0
    completed_at: datetime | None = None  # since the last reopening
    done: bool = False
    tested: bool = False
    ready: bool = False
    # money and end
    settlement: Settlement | None = None
    paid: int = 0  # payments less refunds and reversals
    payments: dict[UUID, Payment] = field(default_factory=dict)
    given_back: Counter[UUID] = field(default_factory=Counter)  # of each payment that was named
    refunded: int = 0
    ended: ClosingOutcome | str | None = None  # set while it is closed, or CANCELLED
    ended_at: datetime | None = None
    closing_no: int = 0
    reopening_no: int = 0
    reopened_at: datetime | None = None  # the last time

    @property
    def subject(self) -> UUID:
        """Whom its personal data are about: the customer."""
        return self.customer_id

    @property
    def zone(self) -> str:
        """The zone of the place of performance."""
        return self.place_zone

    @property
    def entitled(self) -> set[UUID]:
        """Name who may approve and collect: the customer, and whom the customer authorised."""
        return {self.customer_id, *self.authorised_persons}

    @property
    def line_ids(self) -> set[str]:
        """Name the service lines."""
        return {line.line_id for line in self.lines}

    @property
    def assigned(self) -> dict[UUID, Assignment]:
        """Give the assignments in force."""
        return {
            assignment_id: assignment
            for assignment_id, assignment in self.assignments.items()
            if assignment_id not in self.replaced
        }

    @property
    def lead_technician(self) -> str | None:
        """Name who leads the work; without a lead, its latest technician."""
        in_force = [one for one in self.assigned.values() if one.kind is AssigneeKind.PERSON]
        leads = [one.assignee for one in in_force if one.duty is Duty.LEAD]
        technicians = [one.assignee for one in in_force if one.duty is Duty.TECHNICIAN]
        return next(reversed(leads or technicians), None)

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
    def waiver(self) -> Waiver | None:
        """Give the latest waiver."""
        return max(self.waivers, key=lambda waiver: waiver.waived_at, default=None)

    @property
    def authorised(self) -> bool:
        """Say whether anything allows the work."""
        return bool(self.approved_at or self.waivers)

    @property
    def scope(self) -> set[str]:
        """Name the service lines that may be worked on."""
        return self.quoted_scope | self.waived_scope

    @property
    def quoted_scope(self) -> set[str]:
        """Name the service lines of the quote in force."""
        return self.approved.line_ids if self.approved else set()

    @property
    def waived_scope(self) -> set[str]:
        """Name the service lines that need no quote."""
        return {line_id for waiver in self.waivers for line_id in waiver.lines}

    @property
    def lines_refused(self) -> set[str]:
        """Name the services that were declined, or offered and left out of what was approved."""
        offered = {
            line_id
            for number, quote in self.quotes.items()
            if number < self.approved_version
            for line_id in quote.line_ids
        }
        return (self.lines_declined | offered) - self.scope

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
        if not latest or latest in self.answers:
            return False
        return latest in self.delivered or latest in self.sent

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
        if not self.holds:  # asked after every fact
            return False
        return any(hold.scope is HoldScope.ORDER for hold in self.holds.values())

    def carry_on(self) -> None:
        """Forget that it was to go back, or was ready."""
        self.declined_whole = self.unrepairable = self.ready = False

    def undo_completion(self) -> None:
        """Forget that it was done, tested and ready."""
        self.done = self.tested = self.ready = False

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
    def due(self) -> int:
        """Give what is to be paid: as settled, before that as approved. Unit: centavos."""
        if self.settlement:
            return self.settlement.total
        return self.approved.total if self.approved else 0

    @property
    def balance(self) -> int:
        """Give what is still owed; negative when too much was paid. Unit: centavos."""
        return self.due - self.paid
