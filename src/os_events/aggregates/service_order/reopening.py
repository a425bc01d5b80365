"""What seemed done goes on."""

from typing import Annotated, ClassVar

from pydantic import Field

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError, check_not_before, need_reason
from os_events.aggregates.service_order.checks import check_known
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.values.acts import Act
from os_events.values.scalars import Code, Slug
from os_events.values.words import Told


class OrderNotEndedError(RefusalError):
    """Only what was completed, handed over or ended is reopened. Go on with the order."""

    slug = "order-not-ended"
    rule = "H1"
    pt = "A OS ainda não foi concluída nem encerrada."


class ReopeningCause(Code):
    """Why it goes on."""

    CUSTOMER_COMPLAINT = "customer_complaint", "reclamação do cliente"
    INCOMPLETE = "incomplete", "serviço incompleto"
    ADMINISTRATIVE_ERROR = "administrative_error", "erro administrativo"
    OTHER = "other", "outro motivo"


class Reopened(Aggregate.Event):
    """What seemed done goes on. Earlier completions, settlements and closings stay on record."""

    TOPIC: ClassVar[str] = "service-order.reopened"
    TOLD: ClassVar[Told] = Told(
        pt="OS reaberta ({reopening_no}ª vez): {cause}[; serviços: {lines}]",
        en="Order reopened (no. {reopening_no}): {cause}[; services: {lines}]",
    )
    reopening_no: int
    cause: ReopeningCause
    lines: tuple[str, ...]

    def apply(self, order: ServiceOrder) -> None:
        order.reopening_no = self.reopening_no
        order.reopened_at = self.occurred_at
        order.ended = order.ended_at = order.completed_at = None
        order.carry_on()
        order.undo_completion()
        order.handed = order.handed_unrepaired = False
        order.lines_started.difference_update(self.lines)
        order.lines_worked.difference_update(self.lines)
        for line_id in self.lines:
            order.line_outcomes.pop(line_id, None)


class ReopenServiceOrder(Change[ServiceOrder]):
    """Let an order go on, with a reason. The services that are named are to be done again.

    Refused: order-not-ended, reason-required, unknown-line, occurred-out-of-order.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H2", "H3", "H12")

    cause: ReopeningCause
    lines: Annotated[tuple[Slug, ...], Field(max_length=100)] = ()

    def decide(self, order: ServiceOrder, act: Act) -> None:
        if not (order.ended or order.done or order.ready or order.handed):
            raise OrderNotEndedError(f"order {order.id} is under way")
        need_reason(act)
        check_known(order, self.lines)
        check_not_before(act, order.ended_at, "it ended")
        check_not_before(act, order.completed_at, "the work was completed")
        check_not_before(act, order.handed_at, "the device was handed over")

        fact = Reopened(reopening_no=order.reopening_no + 1, cause=self.cause, lines=self.lines)
        order.happened(act, fact)
