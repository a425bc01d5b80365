"""Work that needs no quote, and why."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError
from os_events.aggregates.service_order.checks import check_known, check_open
from os_events.aggregates.service_order.codes import WaiverBasis
from os_events.aggregates.service_order.memory import Waiver
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.values.acts import Act
from os_events.values.scalars import ShortText, Slug
from os_events.values.words import Told


class WaiverWithoutBasisError(RefusalError):
    """Only a warranty, a contract or an earlier practice goes without a quote. Name it."""

    slug = "waiver-without-basis"
    rule = "Q1"
    pt = "Diga por que não há orçamento: garantia, contrato ou prática anterior."


class PriorPracticeNotEnabledError(RefusalError):
    """The company does not work on the strength of earlier orders. Issue a quote."""

    slug = "prior-practice-not-enabled"
    rule = "Q1"
    pt = "A empresa não adota a exceção de prática anterior."


class QuoteWaived(Aggregate.Event):
    """These services may be done without a quote."""

    TOPIC: ClassVar[str] = "service-order.quote-waived"
    TOLD: ClassVar[Told] = Told(
        pt="Orçamento dispensado: {basis}[ {contract_ref}], serviços: {lines}"
        "[; tabela de preços {price_table_ref}][; OS anteriores: {order_ids}]",
        en="Quote waived: {basis}[ {contract_ref}], services: {lines}"
        "[; price table {price_table_ref}][; earlier orders: {order_ids}]",
    )
    basis: WaiverBasis
    lines: tuple[str, ...]
    order_ids: tuple[UUID, ...]
    contract_ref: str | None = None
    price_table_ref: str | None = None

    def apply(self, order: ServiceOrder) -> None:
        waiver = Waiver(
            basis=self.basis,
            lines=frozenset(self.lines),
            price_table_ref=self.price_table_ref,
            waived_at=self.occurred_at,
        )
        order.waivers.append(waiver)


class WaiveQuote(Change[ServiceOrder]):
    """Say why these services need no quote.

    Shape: ``order_ids`` are earlier orders of the customer, cited for a prior practice.

    Refused: order-ended, unknown-line, waiver-without-basis, prior-practice-not-enabled.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H12", "Q1")

    basis: WaiverBasis
    lines: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=100)]
    order_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    contract_ref: ShortText | None = None
    price_table_ref: ShortText | None = None

    def decide(self, order: ServiceOrder, act: Act, cited: frozenset[UUID] = frozenset()) -> None:
        """Refuse, or waive. Shape: ``cited`` are the customer's own fulfilled orders."""
        check_open(order)
        check_known(order, self.lines)
        if not act.imported:
            self._check_basis(act, cited)

        fact = QuoteWaived(
            basis=self.basis,
            lines=self.lines,
            order_ids=self.order_ids,
            contract_ref=self.contract_ref,
            price_table_ref=self.price_table_ref,
        )
        order.happened(act, fact)

    def _check_basis(self, act: Act, cited: frozenset[UUID]) -> None:
        if self.basis is WaiverBasis.CONTRACT and not self.contract_ref:
            raise WaiverWithoutBasisError("a contract is named by its reference")
        if self.basis is not WaiverBasis.PRIOR_PRACTICE:
            return
        if not act.company.policies.prior_practice:
            raise PriorPracticeNotEnabledError
        if not self.order_ids or not cited.issuperset(self.order_ids):
            raise WaiverWithoutBasisError("cite an earlier fulfilled order of the same customer")
