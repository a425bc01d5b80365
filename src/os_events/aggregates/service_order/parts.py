"""Parts: asked for, on their way, put in."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError, check_not_before
from os_events.aggregates.service_order.authority import authorised
from os_events.aggregates.service_order.checks import (
    LineOutsideScopeError,
    UnknownLineError,
    check_known,
    check_open,
    check_quoted,
    new_id,
)
from os_events.aggregates.service_order.codes import PartState
from os_events.aggregates.service_order.memory import Installation, PartRequest
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import PartSpec, RemovedPart
from os_events.values.acts import Act
from os_events.values.money import Quantity
from os_events.values.scalars import Code, Day, ShortText, Slug
from os_events.values.words import Told

SupplyState = Literal[
    PartState.RESERVED,
    PartState.ARRIVED,
    PartState.DELAYED,
    PartState.UNAVAILABLE,
    PartState.CANCELLED,
]


class PartConditionMismatchError(RefusalError):
    """The part is not in the condition that was quoted. Install that one, or quote this one."""

    slug = "part-condition-mismatch"
    rule = "W5"
    facts = ("quote-approved",)
    pt = "A peça não tem a condição orçada."


class PartConditionNotConsentedError(RefusalError):
    """The customer ticked no box for a part that is not new. Ask, with a new version."""

    slug = "part-condition-not-consented"
    rule = "W5"
    facts = ("quote-approved", "quote-waived")
    pt = "O cliente não autorizou peça nessa condição."


class Supply(Code):
    """Where a part comes from."""

    STOCK = "stock", "estoque"
    SUPPLIER = "supplier", "fornecedor"
    MANUFACTURER = "manufacturer", "fabricante"
    CUSTOMER = "customer", "cliente"


class PartRequested(Aggregate.Event):
    """A part is needed."""

    TOPIC: ClassVar[str] = "service-order.part-requested"
    TOLD: ClassVar[Told] = Told(
        pt="Peça solicitada ({supply}): {quantity:number} × {part}, {part.condition}; "
        "serviço: {line_id}[; previsão {expected_on}]",
        en="Part requested ({supply}): {quantity:number} × {part}, {part.condition}; "
        "service: {line_id}[; expected on {expected_on}]",
    )
    part_request_id: UUID
    line_id: str
    quote_line_id: str | None = None
    part: PartSpec
    quantity: str
    supply: Supply
    expected_on: date | None = None

    def apply(self, order: ServiceOrder) -> None:
        order.ids.add(self.part_request_id)
        order.part_requests[self.part_request_id] = PartRequest(
            line_id=self.line_id,
            quote_line_id=self.quote_line_id,
            part=self.part,
            requested_at=self.occurred_at,
        )


class RequestPart(Change[ServiceOrder]):
    """Ask for a part. Refused: order-ended, unknown-line, duplicate-id."""

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H12")

    part_request_id: UUID | None = None
    line_id: Slug
    quote_line_id: Slug | None = None
    part: PartSpec
    quantity: Quantity
    supply: Supply
    expected_on: Day | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        check_known(order, [self.line_id])
        check_quoted(order, self.quote_line_id)

        fact = PartRequested(
            part_request_id=new_id(order, self.part_request_id, act),
            line_id=self.line_id,
            quote_line_id=self.quote_line_id,
            part=self.part,
            quantity=self.quantity,
            supply=self.supply,
            expected_on=self.expected_on,
        )
        order.happened(act, fact)


class PartSupplyUpdated(Aggregate.Event):
    """A part that was asked for is here, late, or not to be had."""

    TOPIC: ClassVar[str] = "service-order.part-supply-updated"
    TOLD: ClassVar[Told] = Told(
        pt="Peça {state}: {part_request_id}[; previsão {expected_on}][; documento {document_ref}]",
        en="Part {state}: {part_request_id}[; expected on {expected_on}]"
        "[; document {document_ref}]",
    )
    part_request_id: UUID
    state: PartState
    expected_on: date | None = None
    document_ref: str | None = None

    def apply(self, order: ServiceOrder) -> None:
        order.part_states[self.part_request_id] = self.state


class UpdatePartSupply(Change[ServiceOrder]):
    """Say what became of a part that was asked for.

    Refused: order-ended, unknown-line, occurred-out-of-order.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H12")

    part_request_id: UUID
    state: SupplyState
    expected_on: Day | None = None
    document_ref: ShortText | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        request = requested(order, self.part_request_id)
        check_not_before(act, request.requested_at, "the part was asked for")

        fact = PartSupplyUpdated(
            part_request_id=self.part_request_id,
            state=self.state,
            expected_on=self.expected_on,
            document_ref=self.document_ref,
        )
        order.happened(act, fact)


class PartInstalled(Aggregate.Event):
    """A part was put in."""

    TOPIC: ClassVar[str] = "service-order.part-installed"
    TOLD: ClassVar[Told] = Told(
        pt="Peça instalada: {quantity:number} × {part}, {part.condition}[, série {serial}]; "
        "serviço: {line_id}[; retirada: {removed}][; técnico: {technician_id}]",
        en="Part put in: {quantity:number} × {part}, {part.condition}[, serial {serial}]; "
        "service: {line_id}[; taken out: {removed}][; technician: {technician_id}]",
    )
    installation_id: UUID
    line_id: str
    quote_line_id: str | None = None
    part_request_id: UUID | None = None
    part: PartSpec
    quantity: str
    serial: str | None = None
    removed: RemovedPart | None = None
    technician_id: UUID | None = None

    def apply(self, order: ServiceOrder) -> None:
        order.ids.add(self.installation_id)
        order.installations[self.installation_id] = Installation(
            line_id=self.line_id, part=self.part, removed=self.removed
        )
        if self.part_request_id:
            order.requests_installed.add(self.part_request_id)


class InstallPart(Change[ServiceOrder]):
    """Say that a part was put in: under a quote, one of its part lines; under a waiver, a new one.

    Refused: order-ended, unknown-line, duplicate-id, occurred-out-of-order,
    work-without-authorisation, line-outside-scope, part-condition-mismatch,
    part-condition-not-consented.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H12", "Q1", "Q6", "W5")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("technician_id",)

    installation_id: UUID | None = None
    line_id: Slug
    quote_line_id: Slug | None = None
    part_request_id: UUID | None = None
    part: PartSpec
    quantity: Quantity
    serial: ShortText | None = None
    removed: RemovedPart | None = None
    technician_id: UUID | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        check_known(order, [self.line_id])
        if self.part_request_id:
            request = requested(order, self.part_request_id)
            check_not_before(act, request.requested_at, "the part was asked for")
        authorisation = authorised(order, act, [self.line_id])
        if not act.imported:
            self._check_condition(order, authorisation.quote_version)

        fact = PartInstalled(
            installation_id=new_id(order, self.installation_id, act),
            line_id=self.line_id,
            quote_line_id=self.quote_line_id,
            part_request_id=self.part_request_id,
            part=self.part,
            quantity=self.quantity,
            serial=self.serial,
            removed=self.removed,
            technician_id=self.technician_id,
        )
        order.happened(act, fact)

    def _check_condition(self, order: ServiceOrder, quote_version: int | None) -> None:
        if quote_version is None:
            consented = self.part.condition.is_new
        else:
            self._check_quoted_part(order, quote_version)
            ticked = order.conditions_consented.get(quote_version, frozenset())
            consented = self.part.condition.is_new or self.quote_line_id in ticked
        if not consented:
            raise PartConditionNotConsentedError(f"not consented: {self.part.condition}")

    def _check_quoted_part(self, order: ServiceOrder, quote_version: int) -> None:
        line = order.quotes[quote_version].prices.get(self.quote_line_id or "")
        if line is None or line.part is None or line.line_id != self.line_id:
            raise LineOutsideScopeError(f"no part line of quote {quote_version} is named")
        if line.part.condition is not self.part.condition:
            raise PartConditionMismatchError(f"quoted: {line.part.condition}")


def requested(order: ServiceOrder, part_request_id: UUID) -> PartRequest:
    """Find what was asked for. Raises UnknownLineError."""
    request = order.part_requests.get(part_request_id)
    if request is None:
        raise UnknownLineError(f"unknown part request: {part_request_id}")
    return request
