"""The search for the fault, and the work."""

from typing import Annotated, Self
from uuid import UUID

from os_events.aggregates.service_order import (
    activities,
    checklists,
    codes,
    diagnosing,
    holds,
    values,
    work,
)
from os_events.messaging.public.fields import (
    Act,
    Authorisation,
    Codes,
    HouseCode,
    LineId,
    Number,
    OpenObject,
    Time,
)
from os_events.messaging.public.shape import Shape, Shapes


class DiagnosisStarted(Shape):
    """Somebody looks for the fault."""

    @classmethod
    def of(cls, event: diagnosing.DiagnosisStarted) -> Self:
        return cls(order_id=event.aggregate_id, act=Act.of(event))


class DiagnosisRecorded(Shape):
    """What the fault is, and whether it can be repaired. A later one is another opinion."""

    diagnosis_no: int
    fault_code: HouseCode | None = None
    cause_side: Annotated[str, Codes(codes.CauseSide)] | None = None
    repairable: bool

    @classmethod
    def of(cls, event: diagnosing.DiagnosisRecorded) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            diagnosis_no=event.diagnosis_no,
            fault_code=event.fault_code,
            cause_side=event.cause_side,
            repairable=event.repairable,
        )


class CheckItem(OpenObject):
    """One item of a checklist."""

    code: HouseCode
    answer: Annotated[str, Codes(values.CheckAnswer)]

    @classmethod
    def of(cls, item: values.CheckItem) -> Self:
        """Say it of an item."""
        return cls(code=item.code, answer=item.answer)


class ChecklistRecorded(Shape):
    """Something was checked. A failed test of quality undoes what seemed done."""

    checklist_code: HouseCode
    purpose: Annotated[str, Codes(checklists.ChecklistPurpose)]
    items: tuple[CheckItem, ...]
    result: Annotated[str, Codes(checklists.ChecklistResult)]

    @classmethod
    def of(cls, event: checklists.ChecklistRecorded) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            checklist_code=event.checklist_code,
            purpose=event.purpose,
            items=tuple(map(CheckItem.of, event.items)),
            result=event.result,
        )


class HoldPlaced(Shape):
    """The order, or only the labour on it, stands still."""

    hold_id: UUID
    scope: Annotated[str, Codes(codes.HoldScope)]
    cause: Annotated[str, Codes(codes.HoldCause)]
    expected_until: Time | None = None

    @classmethod
    def of(cls, event: holds.HoldPlaced) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            hold_id=event.hold_id,
            scope=event.scope,
            cause=event.cause,
            expected_until=event.expected_until,
        )


class HoldReleased(Shape):
    """What stood still goes on."""

    hold_id: UUID
    resumes_work: bool

    @classmethod
    def of(cls, event: holds.HoldReleased) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            hold_id=event.hold_id,
            resumes_work=event.resumes_work,
        )


class WorkStarted(Shape):
    """Somebody is at it, under an authorisation in force."""

    lines: tuple[LineId, ...]
    authorisation: Authorisation

    @classmethod
    def of(cls, event: work.WorkStarted) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            lines=event.lines,
            authorisation=Authorisation.of(event.authorisation),
        )


class Consumable(OpenObject):
    """Material that was used up."""

    sku: str
    quantity: Number

    @classmethod
    def of(cls, one: activities.Consumable) -> Self:
        """Say it of a material."""
        return cls(sku=one.sku, quantity=one.quantity)


class ActivityPerformed(Shape):
    """Something was done for a service. What nothing authorised is recorded, and never charged."""

    activity_id: UUID
    line_id: LineId
    activity_code: HouseCode | None = None
    minutes: int | None = None
    authorisation: Authorisation
    line_outcome: Annotated[str, Codes(codes.LineOutcome)] | None = None
    consumables: tuple[Consumable, ...]

    @classmethod
    def of(cls, event: activities.ActivityPerformed) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            activity_id=event.activity_id,
            line_id=event.line_id,
            activity_code=event.activity_code,
            minutes=event.minutes,
            authorisation=Authorisation.of(event.authorisation),
            line_outcome=event.line_outcome,
            consumables=tuple(map(Consumable.of, event.consumables)),
        )


class WorkCompleted(Shape):
    """The work is done, or is known to be impossible."""

    completion_no: int
    outcome: Annotated[str, Codes(codes.WorkOutcome)] | None = None
    resolution_code: HouseCode | None = None
    cause_side: Annotated[str, Codes(codes.CauseSide)] | None = None
    lines: tuple[LineId, ...]

    @classmethod
    def of(cls, event: work.WorkCompleted) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            completion_no=event.completion_no,
            outcome=event.outcome,
            resolution_code=event.resolution_code,
            cause_side=event.cause_side,
            lines=event.lines,
        )


SHAPES: Shapes = {
    diagnosing.DiagnosisStarted: DiagnosisStarted,
    diagnosing.DiagnosisRecorded: DiagnosisRecorded,
    checklists.ChecklistRecorded: ChecklistRecorded,
    holds.HoldPlaced: HoldPlaced,
    holds.HoldReleased: HoldReleased,
    work.WorkStarted: WorkStarted,
    activities.ActivityPerformed: ActivityPerformed,
    work.WorkCompleted: WorkCompleted,
}
