"""How an order is sorted, who answers for it, what the customer is promised and told."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from os_events.aggregates.service_order import codes, notes, notices, organising, promises
from os_events.messaging.public.fields import (
    Act,
    Codes,
    Consent,
    Deadline,
    LineId,
    QuoteVersion,
    Time,
)
from os_events.messaging.public.shape import Shape, Shapes

ASSIGNEE = "A person's id, or the house's code of a department or subcontractor."


class Triaged(Shape):
    """Somebody looked at the request and said how it goes on."""

    type: Annotated[str, Codes(codes.OrderType)]
    priority: Annotated[str, Codes(codes.Priority)]
    route: Annotated[str, Codes(codes.Route)]
    remote_attempted: bool

    @classmethod
    def of(cls, event: organising.Triaged) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            type=event.type,
            priority=event.priority,
            route=event.route,
            remote_attempted=event.remote_attempted,
        )


class ResponsibleAssigned(Shape):
    """Somebody answers for the order, or for some of its services; a person is named by id."""

    assignment_id: UUID
    assignee_kind: Annotated[str, Codes(codes.AssigneeKind)]
    assignee_id: Annotated[str, Field(description=ASSIGNEE)]
    duty: Annotated[str, Codes(codes.Duty)]
    lines: tuple[LineId, ...]
    replaces: Annotated[UUID, Field(description="An assignment that ends.")] | None = None

    @classmethod
    def of(cls, event: organising.ResponsibleAssigned) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            assignment_id=event.assignment_id,
            assignee_kind=event.assignee.kind,
            assignee_id=event.assignee.id,
            duty=event.duty,
            lines=event.lines,
            replaces=event.replaces,
        )


class CompletionPromised(Shape):
    """The customer is told by when it will be done; the latest promise is the one in force."""

    promise_no: int
    promised_at: Time
    previous_at: Time | None = None
    origin: Annotated[str, Codes(promises.PromiseOrigin)]
    moved_by: Annotated[str, Codes(promises.MovedBy)] | None = None
    cause: Annotated[str, Codes(promises.PromiseCause)] | None = None
    consent: Consent | None = None
    deadlines: tuple[Deadline, ...]

    @classmethod
    def of(cls, event: promises.CompletionPromised) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            promise_no=event.promise_no,
            promised_at=event.promised_at,
            previous_at=event.previous_at,
            origin=event.origin,
            moved_by=event.moved_by,
            cause=event.cause,
            consent=Consent.of(event.consent) if event.consent else None,
            deadlines=tuple(map(Deadline.of, event.deadlines)),
        )


class NoticeSent(Shape):
    """Somebody was told something. Sent is not received."""

    notice_id: UUID
    kind: Annotated[str, Codes(codes.NoticeKind)]
    means: Annotated[str, Codes(notices.NoticeMeans)]
    quote_version: QuoteVersion | None = None

    @classmethod
    def of(cls, event: notices.NoticeSent) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            notice_id=event.notice_id,
            kind=event.kind,
            means=event.means,
            quote_version=event.quote_version,
        )


class NoteAdded(Shape):
    """Somebody wrote something down. What it says is read by the API."""

    note_id: UUID
    visibility: Annotated[str, Codes(notes.Visibility)]

    @classmethod
    def of(cls, event: notes.NoteAdded) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            note_id=event.note_id,
            visibility=event.visibility,
        )


SHAPES: Shapes = {
    organising.Triaged: Triaged,
    organising.ResponsibleAssigned: ResponsibleAssigned,
    promises.CompletionPromised: CompletionPromised,
    notices.NoticeSent: NoticeSent,
    notes.NoteAdded: NoteAdded,
}
