"""What can happen to an order, as raw facts that nobody decided on, with values by chance.

Only what no late fact can break is kept: a device comes before it goes, what has ended ends again
only after it was reopened, and versions of a quote are issued one after the other.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order import codes
from os_events.aggregates.service_order.checklists import (
    ChecklistPurpose,
    ChecklistRecorded,
    ChecklistResult,
)
from os_events.aggregates.service_order.closing import Cancelled, CancelledBy, Closed
from os_events.aggregates.service_order.diagnosing import DiagnosisRecorded, DiagnosisStarted
from os_events.aggregates.service_order.handover import DeviceHandedOver, HandoverOutcome
from os_events.aggregates.service_order.holds import HoldPlaced, HoldReleased
from os_events.aggregates.service_order.intake import DeviceReceived
from os_events.aggregates.service_order.notes import NoteAdded, Visibility
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.organising import (
    Assignee,
    ResponsibleAssigned,
    Triaged,
)
from os_events.aggregates.service_order.parts import (
    PartInstalled,
    PartRequested,
    PartSupplyUpdated,
)
from os_events.aggregates.service_order.promises import (
    CompletionPromised,
    MovedBy,
    PromiseCause,
)
from os_events.aggregates.service_order.quote_answers import (
    QuoteApproved,
    QuoteDeclined,
    QuoteExtent,
)
from os_events.aggregates.service_order.quote_validity import QuoteDelivered, QuoteExpired
from os_events.aggregates.service_order.quoting import QuoteIssued
from os_events.aggregates.service_order.reopening import Reopened
from os_events.aggregates.service_order.settling import FinalCostsSettled
from os_events.aggregates.service_order.waivers import QuoteWaived
from os_events.aggregates.service_order.work import WorkCompleted, WorkStarted
from tests.golden.examples import examples

EXAMPLES: dict[type, Any] = {type(event): event for event, _ in examples().values()}
BEGINNING = datetime(2026, 1, 5, 12, tzinfo=UTC)
ZONES = ("America/Sao_Paulo", "America/Rio_Branco", "America/Noronha")
PEOPLE = [UUID(int=n) for n in (51, 52, 53)]
ASSETS = [(UUID(int=n), model) for n, model in ((61, "G54"), (62, "G54"), (63, "A15"), (64, "A15"))]

Step = tuple[type[DomainEvent], dict[str, Any]]


class Life:
    """One order: first what happens in it, then when, and when that is told."""

    def __init__(self, chance: Random, number: int, before: "list[Life]") -> None:
        self.chance = chance
        self.id = UUID(int=chance.getrandbits(128))
        self.number = number
        self.steps: list[Step] = []
        self.versions = 0
        self.is_here = self.has_ended = False
        self.holds: list[UUID] = []
        self.requests: list[UUID] = []
        self.assignments: list[UUID] = []
        self.follows = chance.choice(before) if before and chance.random() < 0.4 else None
        self.zone = chance.choice(ZONES)
        self.is_imported = chance.random() < 0.15
        self.begins_at = self._beginning()
        self.ends_at = self.begins_at

    def _beginning(self) -> datetime:
        if self.follows:
            return self.follows.ends_at + timedelta(days=self.chance.choice([-3, 0, 5, 30, 31, 90]))
        return self.moment(BEGINNING + timedelta(minutes=self.chance.randrange(120 * 24 * 60)))

    def moment(self, at: datetime) -> datetime:
        """Move some instants to the very border of a civil day, in one of the zones."""
        if self.chance.random() < 0.05:
            return at.replace(hour=self.chance.choice([2, 3, 5]), minute=0, second=0, microsecond=0)
        return at

    def an_id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128))

    def add(self, what: type[DomainEvent], /, **fields: Any) -> None:
        self.steps.append((what, fields))

    def any_of(self, *values: Any) -> Any:
        return self.chance.choice(values)

    def asset(self) -> Any:
        asset_id, model = self.chance.choice(ASSETS)
        example = EXAMPLES[DeviceReceived].asset
        return example.model_copy(update={"asset_id": asset_id, "model": model})


def received(life: Life) -> None:
    if not life.is_here:
        life.is_here = True
        life.add(DeviceReceived, asset=life.asset())


def handed_over(life: Life) -> None:
    if life.is_here:
        life.is_here = False
        life.add(DeviceHandedOver, outcome=life.any_of(HandoverOutcome.REPAIRED, *HandoverOutcome))


def triaged(life: Life) -> None:
    repair = codes.OrderType.REPAIR
    life.add(
        Triaged,
        type=life.any_of(repair, repair, *codes.OrderType),
        priority=life.any_of(*codes.Priority),
        route=life.any_of(codes.Route.BENCH, *codes.Route),
    )


def assigned(life: Life) -> None:
    kind = life.any_of(codes.AssigneeKind.PERSON, codes.AssigneeKind.DEPARTMENT)
    is_person = kind is codes.AssigneeKind.PERSON
    who = str(life.any_of(*PEOPLE)) if is_person else life.any_of("lab", "desk")
    replaces = life.any_of(None, *life.assignments)
    life.assignments.append(life.an_id())
    life.add(
        ResponsibleAssigned,
        assignment_id=life.assignments[-1],
        assignee=Assignee(kind=kind, id=who),
        duty=life.any_of(codes.Duty.LEAD, codes.Duty.TECHNICIAN),
        replaces=replaces,
    )


def noted(life: Life) -> None:
    life.add(NoteAdded, note_id=life.an_id(), visibility=life.any_of(*Visibility))


def told(life: Life) -> None:
    kinds = [kind for kind in codes.NoticeKind if kind is not codes.NoticeKind.QUOTE]
    kind = life.any_of(codes.NoticeKind.READY, life.any_of(*kinds))
    life.add(NoticeSent, notice_id=life.an_id(), kind=kind, quote_version=None)


def told_ready(life: Life) -> None:
    ready = codes.NoticeKind.READY
    life.add(NoticeSent, notice_id=life.an_id(), kind=ready, quote_version=None)


def diagnosis_started(life: Life) -> None:
    life.add(DiagnosisStarted, technician_id=life.any_of(None, *PEOPLE))


def diagnosed(life: Life) -> None:
    fault = life.any_of(None, "dead", "wet")
    life.add(DiagnosisRecorded, fault_code=fault, repairable=life.chance.random() < 0.75)


def quoted(life: Life) -> None:
    life.versions += 1
    total = life.any_of(0, 15000, 35000, 82000)
    life.add(QuoteIssued, quote_version=life.versions, total=total)


def on_version(what: type[DomainEvent], /, **fields: Any) -> Callable[[Life], None]:
    """Give what happens to a version, mostly to the latest."""

    def happens(life: Life) -> None:
        if life.versions:
            version = life.any_of(*range(1, life.versions + 1), *[life.versions] * 3)
            life.add(what, quote_version=version, **fields)

    return happens


sent = on_version(NoticeSent, kind=codes.NoticeKind.QUOTE)
delivered = on_version(QuoteDelivered, deadlines=())
approved = on_version(QuoteApproved)
declined = on_version(QuoteDeclined, extent=QuoteExtent.WHOLE)
declined_partly = on_version(QuoteDeclined, extent=QuoteExtent.LINES)
expired = on_version(QuoteExpired)


def answered(life: Life) -> None:
    life.any_of(approved, approved, declined, declined_partly, expired)(life)


def waived(life: Life) -> None:
    life.add(QuoteWaived)


def promised(life: Life) -> None:
    days = life.chance.randrange(-2, 40)
    life.add(
        CompletionPromised,
        promised_at=life.begins_at + timedelta(days=days),
        moved_by=life.any_of(None, *MovedBy),
        cause=life.any_of(None, *PromiseCause),
    )


def requested(life: Life) -> None:
    life.requests.append(life.an_id())
    life.add(PartRequested, part_request_id=life.requests[-1])


def supplied(life: Life) -> None:
    if life.requests:
        state = life.any_of(codes.PartState.RESERVED, codes.PartState.ARRIVED, *codes.PartState)
        life.add(PartSupplyUpdated, part_request_id=life.any_of(*life.requests), state=state)


def installed(life: Life) -> None:
    request = life.any_of(None, *life.requests)
    life.add(PartInstalled, installation_id=life.an_id(), part_request_id=request)


def held(life: Life) -> None:
    life.holds.append(life.an_id())
    life.add(
        HoldPlaced,
        hold_id=life.holds[-1],
        scope=life.any_of(*codes.HoldScope),
        cause=life.any_of(codes.HoldCause.PARTS, codes.HoldCause.CUSTOMER, *codes.HoldCause),
    )


def released(life: Life) -> None:
    if life.holds:
        hold = life.holds.pop(life.chance.randrange(len(life.holds)))
        life.add(HoldReleased, hold_id=hold, resumes_work=life.chance.random() < 0.5)


def begun(life: Life) -> None:
    life.add(WorkStarted, technician_id=life.any_of(None, *PEOPLE))


def completed(life: Life) -> None:
    usual = codes.WorkOutcome.REPAIRED
    life.add(WorkCompleted, outcome=life.any_of(None, usual, usual, *codes.WorkOutcome))


def checked(life: Life) -> None:
    purpose = life.any_of(ChecklistPurpose.QUALITY, *ChecklistPurpose)
    life.add(ChecklistRecorded, purpose=purpose, result=life.any_of(*ChecklistResult))


def settled(life: Life) -> None:
    life.add(FinalCostsSettled, total=life.any_of(0, 5000, 35000))


def closed(life: Life) -> None:
    if not life.has_ended:
        life.has_ended = True
        outcome = life.any_of(codes.ClosingOutcome.FULFILLED, *codes.ClosingOutcome)
        life.add(Closed, outcome=outcome)


def cancelled(life: Life) -> None:
    if not life.has_ended:
        life.has_ended = True
        by = life.any_of(None, *CancelledBy)
        life.add(Cancelled, by=by, cause_code=life.any_of(None, "gave-up", "price"))


def reopened(life: Life) -> None:
    life.has_ended = False
    life.add(Reopened)


USUAL = (
    *(received, triaged, assigned, diagnosis_started, diagnosed, quoted, sent, delivered, answered),
    *(promised, requested, supplied, held, released, begun, installed, held, released, completed),
    *(checked, told_ready, handed_over, settled, closed),
)
UNUSUAL = (
    *(received, triaged, assigned, noted, told, diagnosis_started, diagnosed, quoted, sent),
    *(delivered, answered, waived, promised, requested, supplied, installed, held, released),
    *(begun, begun, completed, checked, told_ready, handed_over, settled, cancelled, reopened),
)
