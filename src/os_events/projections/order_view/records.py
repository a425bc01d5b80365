"""The single facts of an order, as its document shows them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from os_events.aggregates.service_order.activities import Consumable
from os_events.aggregates.service_order.charges import CostLine, Difference
from os_events.aggregates.service_order.checklists import ChecklistPurpose, ChecklistResult
from os_events.aggregates.service_order.closing import CancelledBy, ClosingSummary
from os_events.aggregates.service_order.codes import (
    CauseSide,
    ClosingOutcome,
    LineOutcome,
    NoticeKind,
    Relation,
    WaiverBasis,
    WorkOutcome,
)
from os_events.aggregates.service_order.handover import (
    HandoverOutcome,
    PartDisposition,
    PresenceTest,
)
from os_events.aggregates.service_order.intake import (
    Backup,
    LiquidIndicator,
    PowerState,
    PriorRepair,
    Unlock,
)
from os_events.aggregates.service_order.notes import Visibility
from os_events.aggregates.service_order.notices import NoticeMeans
from os_events.aggregates.service_order.paying import PaymentKind, PaymentMethod
from os_events.aggregates.service_order.promises import MovedBy, PromiseCause, PromiseOrigin
from os_events.aggregates.service_order.reopening import ReopeningCause
from os_events.aggregates.service_order.values import (
    Accessory,
    Asset,
    Authorisation,
    CheckItem,
    Consent,
    Evidence,
    Measurement,
    PartSpec,
    RemovedPart,
)
from os_events.projections.order_view.record import Record
from os_events.values.personal import Personal

Text = Annotated[Personal[str] | None, Evidence]  # filled in only where the log was opened


@dataclass(frozen=True, slots=True)
class Promise(Record):
    """A date was promised."""

    promise_no: int
    promised_at: datetime
    previous_at: datetime | None
    origin: PromiseOrigin
    moved_by: MovedBy | None
    cause: PromiseCause | None
    consent: Consent | None


@dataclass(frozen=True, slots=True)
class Note(Record):
    """Something was written down."""

    note_id: UUID
    visibility: Visibility
    text: Text


@dataclass(frozen=True, slots=True)
class Notice(Record):
    """The customer was told something."""

    notice_id: UUID
    kind: NoticeKind
    means: NoticeMeans
    recipient_id: UUID
    quote_version: int | None
    provider_ref: str | None


@dataclass(frozen=True, slots=True)
class Reception(Record):
    """The device came in."""

    reception_no: int
    asset: Asset
    received_from: UUID
    place: str
    power_state: PowerState | None
    condition: tuple[CheckItem, ...]
    liquid_indicator: LiquidIndicator | None
    seals: tuple[CheckItem, ...]
    prior_repair: PriorRepair | None
    accessories: tuple[Accessory, ...]
    none_declared: bool
    unlock: Unlock | None
    backup: Backup | None
    remarks: Text


@dataclass(frozen=True, slots=True)
class Handover(Record):
    """The device went back. Unit: centavos."""

    handover_no: int
    outcome: HandoverOutcome
    to_person_id: UUID | None
    relation: Relation | None
    exit_condition: tuple[CheckItem, ...]
    tested_in_presence: PresenceTest | None
    accessories: tuple[Accessory, ...]
    parts_disposition: tuple[PartDisposition, ...]
    debt: int
    remarks: Text


@dataclass(frozen=True, slots=True)
class DiagnosisStart(Record):
    """Somebody began to look for the fault."""

    technician_id: UUID | None


@dataclass(frozen=True, slots=True)
class Diagnosis(Record):
    """The fault, as somebody found it."""

    diagnosis_no: int
    fault_code: str | None
    diagnosed_fault: str | None
    probable_cause: str | None
    cause_side: CauseSide | None
    repairable: bool
    tests: tuple[CheckItem, ...]
    measurements: tuple[Measurement, ...]
    technician_id: UUID | None
    note: Text


@dataclass(frozen=True, slots=True)
class Waiver(Record):
    """No quote was needed."""

    basis: WaiverBasis
    lines: tuple[str, ...]
    order_ids: tuple[UUID, ...]
    contract_ref: str | None
    price_table_ref: str | None


@dataclass(frozen=True, slots=True)
class Checklist(Record):
    """Something was checked."""

    checklist_code: str
    purpose: ChecklistPurpose
    items: tuple[CheckItem, ...]
    measurements: tuple[Measurement, ...]
    result: ChecklistResult
    technician_id: UUID | None


@dataclass(frozen=True, slots=True)
class Installation(Record):
    """A part was put in."""

    installation_id: UUID
    line_id: str
    quote_line_id: str | None
    part_request_id: UUID | None
    part: PartSpec
    quantity: str
    serial: str | None
    removed: RemovedPart | None
    technician_id: UUID | None


@dataclass(frozen=True, slots=True)
class WorkStart(Record):
    """Work began."""

    lines: tuple[str, ...]
    technician_id: UUID | None
    authorisation: Authorisation


@dataclass(frozen=True, slots=True)
class Activity(Record):
    """Something was done. Unit: minutes."""

    activity_id: UUID
    line_id: str
    activity_code: str | None
    description: str
    minutes: int | None
    technician_id: UUID | None
    third_party_id: UUID | None
    authorisation: Authorisation
    line_outcome: LineOutcome | None
    removed_parts: tuple[RemovedPart, ...]
    consumables: tuple[Consumable, ...]
    note: Text


@dataclass(frozen=True, slots=True)
class Completion(Record):
    """Work ended."""

    completion_no: int
    outcome: WorkOutcome | None
    resolution_code: str | None
    resolution: str | None
    cause_side: CauseSide | None
    lines: tuple[str, ...]
    technician_id: UUID | None


@dataclass(frozen=True, slots=True)
class Settlement(Record):
    """What is to be paid. Unit: centavos."""

    settlement_no: int
    authorisation: Authorisation
    lines: tuple[CostLine, ...]
    labour_total: int
    parts_total: int
    third_party_total: int
    fees_total: int
    other_total: int
    discount: int
    total: int
    differences: tuple[Difference, ...]
    competence_on: date
    place_of_supply: str


@dataclass(frozen=True, slots=True)
class Payment(Record):
    """Money came in, or went back. Unit: centavos."""

    payment_id: UUID
    kind: PaymentKind
    method: PaymentMethod
    amount: int
    external_ref: str | None
    payer_id: UUID | None
    of_payment_id: UUID | None


@dataclass(frozen=True, slots=True)
class Closing(Record):
    """The order ended."""

    closing_no: int
    outcome: ClosingOutcome
    cause_code: str | None
    summary: ClosingSummary


@dataclass(frozen=True, slots=True)
class Cancellation(Record):
    """The order was given up."""

    by: CancelledBy
    cause_code: str


@dataclass(frozen=True, slots=True)
class Reopening(Record):
    """The order went on."""

    reopening_no: int
    cause: ReopeningCause
    lines: tuple[str, ...]
