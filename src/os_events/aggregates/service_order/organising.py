"""How an order is sorted, and who answers for it."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import need_reason
from os_events.aggregates.service_order.checks import (
    UnknownLineError,
    check_known,
    check_open,
    new_id,
)
from os_events.aggregates.service_order.codes import (
    AssigneeKind,
    Duty,
    OrderType,
    Priority,
    Route,
)
from os_events.aggregates.service_order.memory import Assignment
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import Evidence
from os_events.values.acts import Act
from os_events.values.personal import Personal
from os_events.values.scalars import LongText, ShortText, Slug, Value
from os_events.values.words import Told


class Triaged(Aggregate.Event):
    """Somebody looked at the request and said how it goes on."""

    TOPIC: ClassVar[str] = "service-order.triaged"
    TOLD: ClassVar[Told] = Told(
        pt="Triagem feita: {type}, prioridade {priority}, atendimento {route}; "
        "tentativa remota: {remote_attempted}[; falha massiva {mass_failure_ref}][; “{note}”]",
        en="Triaged: {type}, priority {priority}, route {route}; "
        "tried remotely: {remote_attempted}[; mass failure {mass_failure_ref}][; “{note}”]",
    )
    type: OrderType
    priority: Priority
    route: Route
    remote_attempted: bool
    mass_failure_ref: str | None = None
    note: Annotated[Personal[str] | None, Evidence] = None

    def apply(self, order: ServiceOrder) -> None:
        order.triaged = True
        order.type = self.type
        order.priority = self.priority
        order.route = self.route


class TriageServiceOrder(Change[ServiceOrder]):
    """Say how an order goes on; again whenever that changes. Refused: order-ended."""

    RULES: ClassVar[tuple[str, ...]] = ("H1",)

    type: OrderType
    priority: Priority
    route: Route
    remote_attempted: bool = False
    mass_failure_ref: ShortText | None = None
    note: LongText | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        fact = Triaged(
            type=self.type,
            priority=self.priority,
            route=self.route,
            remote_attempted=self.remote_attempted,
            mass_failure_ref=self.mass_failure_ref,
            note=self.note,
        )
        order.happened(act, fact)


class Assignee(Value):
    """Who is made responsible. Shape: ``id`` is a person's id, or a code of ours."""

    kind: AssigneeKind
    id: Slug

    @model_validator(mode="after")
    def _a_person_is_named_by_id(self) -> Self:
        if self.kind is AssigneeKind.PERSON and str(UUID(self.id)) != self.id:
            raise ValueError("a person's id is a UUID in lower case, with hyphens")
        return self

    @property
    def who(self) -> UUID | str:
        """Name the person as persons are named."""
        return UUID(self.id) if self.kind is AssigneeKind.PERSON else self.id


class ResponsibleAssigned(Aggregate.Event):
    """Somebody answers for the order, or for some of its services."""

    TOPIC: ClassVar[str] = "service-order.responsible-assigned"
    TOLD: ClassVar[Told] = Told(
        pt="Responsável atribuído: {assignee.who} ({assignee.kind}), {duty}"
        "[; serviços: {lines}][; em substituição à atribuição {replaces}]",
        en="Responsible assigned: {assignee.who} ({assignee.kind}), {duty}"
        "[; services: {lines}][; in place of assignment {replaces}]",
    )
    assignment_id: UUID
    assignee: Assignee
    duty: Duty
    lines: tuple[str, ...]
    replaces: UUID | None = None

    def apply(self, order: ServiceOrder) -> None:
        order.ids.add(self.assignment_id)
        order.assignments[self.assignment_id] = Assignment(
            self.assignee.kind, self.assignee.id, self.duty, frozenset(self.lines)
        )
        if self.replaces:
            order.replaced.add(self.replaces)


class AssignResponsible(Change[ServiceOrder]):
    """Make somebody responsible. An order has one lead: a new one replaces the other.

    Shape: without ``lines``, for the whole order. Whoever replaces somebody says why.

    Refused: order-ended, unknown-line, duplicate-id, reason-required.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H2", "H12")

    assignment_id: UUID | None = None
    assignee: Assignee
    duty: Duty
    lines: Annotated[tuple[Slug, ...], Field(max_length=100)] = ()
    replaces: UUID | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        check_known(order, self.lines)
        if self.replaces and self.replaces not in order.assigned:
            raise UnknownLineError(f"no assignment in force: {self.replaces}")
        replaces = self.replaces or self.lead_of(order)
        if replaces:
            need_reason(act)

        fact = ResponsibleAssigned(
            assignment_id=new_id(order, self.assignment_id, act),
            assignee=self.assignee,
            duty=self.duty,
            lines=self.lines,
            replaces=replaces,
        )
        order.happened(act, fact)

    def lead_of(self, order: ServiceOrder) -> UUID | None:
        """Name the assignment of the lead that a new lead replaces."""
        if self.duty is not Duty.LEAD or self.lines:
            return None
        leads = (
            assignment_id
            for assignment_id, one in order.assigned.items()
            if one.duty is Duty.LEAD and not one.lines
        )
        return next(leads, None)
