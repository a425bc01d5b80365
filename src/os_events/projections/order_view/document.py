"""The document of an order: all that it is, in groups as people speak of them."""

from dataclasses import dataclass
from uuid import UUID

from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.activities import ActivityPerformed
from os_events.aggregates.service_order.checklists import ChecklistRecorded
from os_events.aggregates.service_order.closing import Cancelled, Closed
from os_events.aggregates.service_order.diagnosing import DiagnosisRecorded, DiagnosisStarted
from os_events.aggregates.service_order.handover import DeviceHandedOver
from os_events.aggregates.service_order.intake import DeviceReceived
from os_events.aggregates.service_order.notes import NoteAdded
from os_events.aggregates.service_order.notices import NoticeSent
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.parts import PartInstalled
from os_events.aggregates.service_order.paying import PaymentRecorded
from os_events.aggregates.service_order.promises import CompletionPromised
from os_events.aggregates.service_order.reopening import Reopened
from os_events.aggregates.service_order.settling import FinalCostsSettled
from os_events.aggregates.service_order.waivers import QuoteWaived
from os_events.aggregates.service_order.work import WorkCompleted, WorkStarted
from os_events.projections.order_view import records as r
from os_events.projections.order_view.costs import Costs, costs
from os_events.projections.order_view.quotes import Quote, quotes
from os_events.projections.order_view.record import Facts
from os_events.projections.order_view.request import (
    Line,
    Request,
    Standing,
    lines,
    request,
    standing,
)
from os_events.projections.order_view.things import (
    Assignment,
    Hold,
    PartRequest,
    PartTakenOut,
    assignments,
    holds,
    part_requests,
    parts_taken_out,
)
from os_events.values.days import Deadline


@dataclass(frozen=True, slots=True)
class Care:
    """The device: when it came, how it was looked into, when it went."""

    receptions: tuple[r.Reception, ...]
    diagnosis_starts: tuple[r.DiagnosisStart, ...]
    diagnoses: tuple[r.Diagnosis, ...]
    handovers: tuple[r.Handover, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What was done, by whom, and when it stood still."""

    starts: tuple[r.WorkStart, ...]
    activities: tuple[r.Activity, ...]
    holds: tuple[Hold, ...]
    checklists: tuple[r.Checklist, ...]
    completions: tuple[r.Completion, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What was asked for, put in, and taken out."""

    requests: tuple[PartRequest, ...]
    installations: tuple[r.Installation, ...]
    taken_out: tuple[PartTakenOut, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What the customer was promised and told, and what was written down."""

    promises: tuple[r.Promise, ...]
    notices: tuple[r.Notice, ...]
    notes: tuple[r.Note, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """What it costs, and what was paid."""

    costs: Costs
    settlements: tuple[r.Settlement, ...]
    payments: tuple[r.Payment, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """When it ended, and when it went on all the same."""

    closings: tuple[r.Closing, ...]
    cancellations: tuple[r.Cancellation, ...]
    reopenings: tuple[r.Reopening, ...]


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """One order. Shape: ``version`` and ``position`` are those of its last event on record."""

    order_id: UUID
    version: int
    position: int
    imported: bool
    request: Request
    standing: Standing
    lines: tuple[Line, ...]
    assignments: tuple[Assignment, ...]
    care: Care
    quotes: tuple[Quote, ...]
    waivers: tuple[r.Waiver, ...]
    parts: Parts
    work: Work
    said: Said
    money: Money
    ends: Ends
    deadlines: tuple[Deadline, ...]


def document(history: OrderHistory, *, personal: bool = False) -> OrderDocument | None:
    """Put together all that an order is; None before it begins.

    Personal values are left out, unless they are asked for and the history was opened.
    """
    order = history.course.order
    if order is None:
        return None
    facts = Facts(history, personal=personal)
    return OrderDocument(
        order_id=order.id,
        version=history.version,
        position=history.position,
        imported=history.is_imported,
        request=request(order, facts),
        standing=standing(order, history.course),
        lines=lines(order),
        assignments=tuple(assignments(order, facts)),
        care=care(facts),
        quotes=quotes(order, facts),
        waivers=facts.all(r.Waiver, QuoteWaived),
        parts=parts(order, facts),
        work=work(order, facts),
        said=said(facts),
        money=money(order, facts),
        ends=ends(facts),
        deadlines=facts.deadlines(),
    )


def care(facts: Facts) -> Care:
    """Say what happened to the device."""
    return Care(
        receptions=facts.all(r.Reception, DeviceReceived),
        diagnosis_starts=facts.all(r.DiagnosisStart, DiagnosisStarted),
        diagnoses=facts.all(r.Diagnosis, DiagnosisRecorded),
        handovers=facts.all(r.Handover, DeviceHandedOver),
    )


def work(order: ServiceOrder, facts: Facts) -> Work:
    """Say what was done."""
    return Work(
        starts=facts.all(r.WorkStart, WorkStarted),
        activities=facts.all(r.Activity, ActivityPerformed),
        holds=tuple(holds(order, facts)),
        checklists=facts.all(r.Checklist, ChecklistRecorded),
        completions=facts.all(r.Completion, WorkCompleted),
    )


def parts(order: ServiceOrder, facts: Facts) -> Parts:
    """Say what came in and out of the device."""
    return Parts(
        requests=tuple(part_requests(order, facts)),
        installations=facts.all(r.Installation, PartInstalled),
        taken_out=tuple(parts_taken_out(facts)),
    )


def said(facts: Facts) -> Said:
    """Say what was promised, told and noted."""
    return Said(
        promises=facts.all(r.Promise, CompletionPromised),
        notices=facts.all(r.Notice, NoticeSent),
        notes=facts.all(r.Note, NoteAdded),
    )


def money(order: ServiceOrder, facts: Facts) -> Money:
    """Say what it costs, and what was paid."""
    return Money(
        costs=costs(order, facts),
        settlements=facts.all(r.Settlement, FinalCostsSettled),
        payments=facts.all(r.Payment, PaymentRecorded),
    )


def ends(facts: Facts) -> Ends:
    """Say how it ended."""
    return Ends(
        closings=facts.all(r.Closing, Closed),
        cancellations=facts.all(r.Cancellation, Cancelled),
        reopenings=facts.all(r.Reopening, Reopened),
    )
