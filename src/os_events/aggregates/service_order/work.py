"""The work: when it begins, and when it is done."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError, check_not_before
from os_events.aggregates.service_order.authority import authorised
from os_events.aggregates.service_order.checks import (
    check_known,
    check_open,
    check_origin,
)
from os_events.aggregates.service_order.codes import CauseSide, WorkOutcome
from os_events.aggregates.service_order.holds import release_all
from os_events.aggregates.service_order.memory import Work
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.promises import PromiseMissingError
from os_events.aggregates.service_order.values import Authorisation
from os_events.values.acts import Act
from os_events.values.identifiers import PlainText
from os_events.values.scalars import Slug
from os_events.values.words import Told

Lines = Annotated[tuple[Slug, ...], Field(min_length=1, max_length=100)]


class WorkNotStartedError(RefusalError):
    """Work ends after it has begun. Record its start first."""

    slug = "work-not-started"
    rule = "H5"
    pt = "A execução ainda não começou."


class CompletionIncompleteError(RefusalError):
    """A line of the completion has no activity. Record what was done, or leave the line out."""

    slug = "completion-incomplete"
    rule = "H5"
    pt = "Faltam resolução, checklist ou evidências exigidas."


class WorkStarted(Aggregate.Event):
    """Somebody is at it, under an authorisation in force."""

    TOPIC: ClassVar[str] = "service-order.work-started"
    TOLD: ClassVar[Told] = Told(
        pt="Execução iniciada: {lines}[; técnico: {technician_id}]; autorização: {authorisation}",
        en="Work started: {lines}[; technician: {technician_id}]; authorisation: {authorisation}",
    )
    lines: tuple[str, ...]
    technician_id: UUID | None = None
    authorisation: Authorisation

    def apply(self, order: ServiceOrder) -> None:
        order.work = Work.ACTIVE
        order.work_began_at = min(order.work_began_at or self.occurred_at, self.occurred_at)
        order.work_since = self.occurred_at
        order.lines_started.update(self.lines)
        order.undo_completion()
        order.carry_on()


class StartWork(Change[ServiceOrder]):
    """Say that work begins.

    Refused: order-ended, unknown-line, work-without-authorisation, line-outside-scope,
    promise-missing; suspect-device, unless C7 is overridden.
    """

    RULES: ClassVar[tuple[str, ...]] = ("C7", "H1", "H12", "Q1", "Q6", "Q10")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("technician_id",)

    lines: Lines
    technician_id: UUID | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        check_known(order, self.lines)
        authorisation = authorised(order, act, self.lines)
        if not act.imported:
            check_promised(order)
            check_origin(order, act)

        fact = WorkStarted(
            lines=self.lines,
            technician_id=self.technician_id,
            authorisation=authorisation,
        )
        order.happened(act, fact)


class WorkCompleted(Aggregate.Event):
    """The work is done, or is known to be impossible."""

    TOPIC: ClassVar[str] = "service-order.work-completed"
    TOLD: ClassVar[Told] = Told(
        pt="Serviço concluído[: {outcome}][ ({resolution_code})][. {resolution}]"
        "[ Causa: {cause_side}.] Serviços: {lines}[. Técnico: {technician_id}]",
        en="Work completed[: {outcome}][ ({resolution_code})][. {resolution}]"
        "[ Cause: {cause_side}.] Services: {lines}[. Technician: {technician_id}]",
    )
    completion_no: int
    outcome: WorkOutcome | None = None
    resolution_code: str | None = None
    resolution: str | None = None
    cause_side: CauseSide | None = None
    lines: tuple[str, ...]
    technician_id: UUID | None = None

    def apply(self, order: ServiceOrder) -> None:
        order.work = Work.NONE
        order.work_ended_at = self.occurred_at
        order.completion_no = self.completion_no
        order.completed_at = self.occurred_at
        if self.outcome is WorkOutcome.NOT_REPAIRABLE:
            order.unrepairable = True
        else:
            order.done = True


class CompleteWork(Change[ServiceOrder]):
    """Say that work has ended; an open hold ends with it.

    Refused: order-ended, unknown-line, work-not-started, completion-incomplete,
    occurred-out-of-order.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H5", "H12")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = (
        "outcome",
        "resolution_code",
        "resolution",
        "cause_side",
        "technician_id",
    )

    outcome: WorkOutcome | None = None
    resolution_code: Slug | None = None
    resolution: PlainText | None = None
    cause_side: CauseSide | None = None
    lines: Lines
    technician_id: UUID | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        check_known(order, self.lines)
        check_not_before(act, order.reopened_at, "the order was reopened")
        check_not_before(act, order.work_since, "the work began")
        if not act.imported:
            self._check_complete(order)

        release_all(order, act)
        fact = WorkCompleted(
            completion_no=order.completion_no + 1,
            outcome=self.outcome,
            resolution_code=self.resolution_code,
            resolution=self.resolution,
            cause_side=self.cause_side,
            lines=self.lines,
            technician_id=self.technician_id,
        )
        order.happened(act, fact)

    def _check_complete(self, order: ServiceOrder) -> None:
        if order.work is Work.NONE:
            raise WorkNotStartedError(f"no work on order {order.id} is under way")
        if idle := set(self.lines) - order.lines_worked:
            raise CompletionIncompleteError(f"no activity on: {', '.join(sorted(idle))}")


def check_promised(order: ServiceOrder) -> None:
    """Refuse an order without a promised date (Q10)."""
    if order.promised_at is None:
        raise PromiseMissingError(f"order {order.id} is promised for no date")
