"""How an order ends."""

from typing import ClassVar, Self

from pydantic import model_validator

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError, check_not_before, need_reason
from os_events.aggregates.service_order.checks import check_open
from os_events.aggregates.service_order.codes import ClosingOutcome, LineOutcome
from os_events.aggregates.service_order.holds import release_all
from os_events.aggregates.service_order.order import CANCELLED, ServiceOrder
from os_events.values.acts import Act
from os_events.values.scalars import Code, Slug, Value
from os_events.values.words import Told


class ClosingIncompleteError(RefusalError):
    """Something is still open. Do what is named, or close with the outcome that is true."""

    slug = "closing-incomplete"
    rule = "H6"
    pt = "Há serviço em aberto, custo sem apurar ou comprovante por entregar."


class ClosingSummary(Value):
    """The order in numbers. Unit of ``total``: centavos, as settled."""

    lines_done: int
    lines_not_done: int
    activities: int
    parts: int
    total: int


class Closed(Aggregate.Event):
    """Nothing more is expected of anybody."""

    TOPIC: ClassVar[str] = "service-order.closed"
    TOLD: ClassVar[Told] = Told(
        pt="OS encerrada ({closing_no}ª vez): {outcome}[; causa: {cause_code}]; "
        "serviços executados: {summary.lines_done}, não executados: {summary.lines_not_done}; "
        "peças: {summary.parts}; total: {summary.total:money}",
        en="Order closed (no. {closing_no}): {outcome}[; cause: {cause_code}]; services done: "
        "{summary.lines_done}, not done: {summary.lines_not_done}; parts: {summary.parts}; "
        "total: {summary.total:money}",
    )
    closing_no: int
    outcome: ClosingOutcome
    cause_code: str | None = None
    summary: ClosingSummary

    def apply(self, order: ServiceOrder) -> None:
        order.closing_no = self.closing_no
        order.ended = self.outcome
        order.ended_at = self.occurred_at


class CloseServiceOrder(Change[ServiceOrder]):
    """End an order. An open hold is released first.

    What was authorised has its outcome and its settled cost, and no device is left with us.
    Fulfilled is an order whose every service was done, found impossible or refused, and whose work
    was completed, and tested where that is required, since it was last reopened. Any other outcome
    has a reason.

    Refused: order-ended, reason-required, closing-incomplete, occurred-out-of-order.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H2", "H3", "H6")

    outcome: ClosingOutcome
    cause_code: Slug | None = None

    @model_validator(mode="after")
    def _what_was_fulfilled_has_no_cause(self) -> Self:
        if self.outcome is ClosingOutcome.FULFILLED and self.cause_code:
            raise ValueError("cause_code is not for fulfilled")
        return self

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        if self.outcome is not ClosingOutcome.FULFILLED:
            need_reason(act)
        if not act.imported and (missing := self.missing(order)):
            raise ClosingIncompleteError(f"missing: {', '.join(missing)}")
        check_not_before(act, order.reopened_at, "it was reopened")
        check_not_before(act, order.completed_at, "the work was completed")
        check_not_before(act, order.handed_at, "the device was handed over")
        if order.settlement:
            check_not_before(act, order.settlement.settled_at, "the costs were settled")
        release_all(order, act)

        outcomes = list(order.line_outcomes.values())
        fact = Closed(
            closing_no=order.closing_no + 1,
            outcome=self.outcome,
            cause_code=self.cause_code,
            summary=ClosingSummary(
                lines_done=outcomes.count(LineOutcome.DONE),
                lines_not_done=outcomes.count(LineOutcome.NOT_DONE),
                activities=order.activities,
                parts=len(order.installations),
                total=order.settlement.total if order.settlement else 0,
            ),
        )
        order.happened(act, fact)

    def missing(self, order: ServiceOrder) -> list[str]:
        """Name what is still to be done before an order ends like this."""
        found = [f"outcome of service {line_id}" for line_id in sorted(self._open_lines(order))]
        needed = {
            "settlement of the last approval": not order.authorised or is_settled(order),
            "handover of the device": not order.in_custody,
        }
        if self.outcome is ClosingOutcome.FULFILLED:
            needed["completion of the work"] = order.done
            needed["quality test"] = order.tested or not order.quality_test_required
        elif self.outcome is ClosingOutcome.RETURNED_UNREPAIRED:
            needed["handover of the device as unrepaired"] = order.handed_unrepaired
        else:
            needed["cause"] = self.cause_code is not None
        return found + [what for what, is_there in needed.items() if not is_there]

    def _open_lines(self, order: ServiceOrder) -> set[str]:
        """Name services whose end is not told; without fulfilment, of those authorised only."""
        fulfilled = self.outcome is ClosingOutcome.FULFILLED
        asked = order.line_ids - order.lines_refused if fulfilled else order.scope
        return asked - set(order.line_outcomes)


def is_settled(order: ServiceOrder) -> bool:
    """Say whether the settlement in force is of the last approval."""
    settlement = order.settlement
    return settlement is not None and (settlement.quote_version or 0) == order.approved_version


class CancelledBy(Code):
    """Who gave it up."""

    CUSTOMER = "customer", "cliente"
    PROVIDER = "provider", "prestador"


class Cancelled(Aggregate.Event):
    """The order is given up."""

    TOPIC: ClassVar[str] = "service-order.cancelled"
    TOLD: ClassVar[Told] = Told(
        pt="OS cancelada[ pelo {by}][; causa: {cause_code}]",
        en="Order cancelled[ by the {by}][; cause: {cause_code}]",
    )
    by: CancelledBy | None = None
    cause_code: str | None = None

    def apply(self, order: ServiceOrder) -> None:
        order.ended = CANCELLED
        order.ended_at = self.occurred_at


class CancelServiceOrder(Change[ServiceOrder]):
    """Give an order up, with a reason. A device that is with us is still handed over.

    Refused: order-ended, reason-required, occurred-out-of-order.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H2", "H3")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("by", "cause_code")

    by: CancelledBy | None = None
    cause_code: Slug | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        need_reason(act)
        check_not_before(act, order.reopened_at, "it was reopened")

        order.happened(act, Cancelled(by=self.by, cause_code=self.cause_code))
