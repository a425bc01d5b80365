"""What was done, by whom, in how many minutes; also what nobody had approved."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import check_not_before, need_reason
from os_events.aggregates.service_order.authority import (
    ThirdPartyNotQuotedError,
    authorised,
    version_in_force,
)
from os_events.aggregates.service_order.checks import check_known, check_open, new_id
from os_events.aggregates.service_order.codes import AuthorisationKind, LineKind, LineOutcome
from os_events.aggregates.service_order.memory import Work
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import Authorisation, Evidence, RemovedPart
from os_events.aggregates.service_order.work import WorkNotStartedError
from os_events.values.acts import Act
from os_events.values.identifiers import PlainText
from os_events.values.money import Quantity
from os_events.values.personal import Personal
from os_events.values.scalars import LongText, ShortText, Slug, Value
from os_events.values.words import Told

Minutes = Annotated[int, Field(ge=0, le=31 * 24 * 60)]


class Consumable(Value):
    """Material that was used up."""

    TOLD: ClassVar[Told] = Told(pt="{quantity:number} × {sku}", en="{quantity:number} × {sku}")

    sku: ShortText
    quantity: Quantity


class ActivityPerformed(Aggregate.Event):
    """Something was done for a service. What nothing authorised is recorded, and never charged."""

    TOPIC: ClassVar[str] = "service-order.activity-performed"
    TOLD: ClassVar[Told] = Told(
        pt="Atividade realizada: {description}[ ({activity_code})]; serviço: {line_id}"
        "[, {line_outcome}][; {minutes} min][; técnico: {technician_id}]"
        "[; terceiro: {third_party_id}][; retirado: {removed_parts}][; material: {consumables}]"
        "; autorização: {authorisation}[. “{note}”]",
        en="Activity performed: {description}[ ({activity_code})]; service: {line_id}"
        "[, {line_outcome}][; {minutes} min][; technician: {technician_id}]"
        "[; third party: {third_party_id}][; taken out: {removed_parts}]"
        "[; material: {consumables}]; authorisation: {authorisation}[. “{note}”]",
    )
    activity_id: UUID
    line_id: str
    activity_code: str | None = None
    description: str
    minutes: int | None = None
    technician_id: UUID | None = None
    third_party_id: UUID | None = None
    authorisation: Authorisation
    line_outcome: LineOutcome | None = None
    removed_parts: tuple[RemovedPart, ...]
    consumables: tuple[Consumable, ...]
    note: Annotated[Personal[str] | None, Evidence] = None

    def apply(self, order: ServiceOrder) -> None:
        order.ids.add(self.activity_id)
        order.activities += 1
        order.lines_worked.add(self.line_id)
        if self.line_outcome:
            order.line_outcomes[self.line_id] = self.line_outcome


class RecordActivity(Change[ServiceOrder]):
    """Say what was done for a service.

    Refused: order-ended, unknown-line, duplicate-id, work-not-started, occurred-out-of-order,
    work-without-authorisation, line-outside-scope, third-party-not-quoted.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H5", "H12", "Q1", "Q6")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("activity_code", "minutes", "technician_id")

    activity_id: UUID | None = None
    line_id: Slug
    activity_code: Slug | None = None
    description: PlainText
    minutes: Minutes | None = None
    technician_id: UUID | None = None
    third_party_id: UUID | None = None
    line_outcome: LineOutcome | None = None
    removed_parts: Annotated[tuple[RemovedPart, ...], Field(max_length=50)] = ()
    consumables: Annotated[tuple[Consumable, ...], Field(max_length=50)] = ()
    note: LongText | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        check_known(order, [self.line_id])
        authorisation = authorised(order, act, [self.line_id])
        if not act.imported:
            check_at_work(order, act)
            self._check_third_party(order, act, authorisation)

        order.happened(act, self._performed(order, act, authorisation))

    def _check_third_party(
        self, order: ServiceOrder, act: Act, authorisation: Authorisation
    ) -> None:
        """Refuse a third party that the quote in force does not name (CDC art. 40 §3)."""
        if self.third_party_id is None or authorisation.kind is not AuthorisationKind.QUOTE:
            return
        quote = order.quotes[version_in_force(order, act.occurred_at)]
        theirs = {line.line_id for line in quote.lines if line.kind is LineKind.THIRD_PARTY}
        if self.line_id not in theirs:
            raise ThirdPartyNotQuotedError(f"no third party is quoted for {self.line_id}")

    def _performed(
        self, order: ServiceOrder, act: Act, authorisation: Authorisation
    ) -> ActivityPerformed:
        return ActivityPerformed(
            activity_id=new_id(order, self.activity_id, act),
            line_id=self.line_id,
            activity_code=self.activity_code,
            description=self.description,
            minutes=self.minutes,
            technician_id=self.technician_id,
            third_party_id=self.third_party_id,
            authorisation=authorisation,
            line_outcome=self.line_outcome,
            removed_parts=self.removed_parts,
            consumables=self.consumables,
            note=self.note,
        )


class RecordUnapprovedWork(RecordActivity):
    """Say that something was done which nobody had approved, and why. It is free (CDC art. 39 III).

    Refused: order-ended, unknown-line, duplicate-id, reason-required.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H2", "H12")

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        check_known(order, [self.line_id])
        need_reason(act)

        nothing = Authorisation(kind=AuthorisationKind.NONE, quote_version=None)
        order.happened(act, self._performed(order, act, nothing))


def check_at_work(order: ServiceOrder, act: Act) -> None:
    """Refuse what is said to have been done before the work began, or after it was completed."""
    ended = order.work_ended_at
    is_over = order.work is Work.NONE and ended is not None and act.occurred_at > ended
    if order.work_began_at is None or is_over:
        raise WorkNotStartedError(f"no work on order {order.id} is under way")
    check_not_before(act, order.work_began_at, "the work began")
