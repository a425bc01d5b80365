"""What the service costs in the end: never more than was approved."""

from collections import Counter
from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import check_not_before
from os_events.aggregates.service_order.charges import (
    FEES,
    CostItem,
    CostKind,
    CostLine,
    Difference,
    check_charge,
    differences,
)
from os_events.aggregates.service_order.checks import check_open, check_quoted
from os_events.aggregates.service_order.codes import AuthorisationKind
from os_events.aggregates.service_order.memory import Settlement
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import Authorisation
from os_events.values.acts import Act
from os_events.values.days import day_of
from os_events.values.scalars import MOST_CENTAVOS, Centavos, Day, Ibge
from os_events.values.words import Told


class FinalCostsSettled(Aggregate.Event):
    """What is to be paid is known; the last settlement is in force. Unit: centavos."""

    TOPIC: ClassVar[str] = "service-order.final-costs-settled"
    TOLD: ClassVar[Told] = Told(
        pt="Custos finais apurados ({settlement_no}ª apuração): {total:money}; "
        "base: {authorisation}[; mão de obra {labour_total:money}][; peças {parts_total:money}]"
        "[; terceiros {third_party_total:money}][; outros {other_total:money}]"
        "[; desconto {discount:money}][; itens: {lines}][; diferente do aprovado: {differences}]",
        en="Final costs settled (no. {settlement_no}): {total:money}; ground: {authorisation}"
        "[; labour {labour_total:money}][; parts {parts_total:money}]"
        "[; third parties {third_party_total:money}][; other {other_total:money}]"
        "[; discount {discount:money}][; items: {lines}][; not as approved: {differences}]",
    )
    settlement_no: int
    authorisation: Authorisation
    lines: tuple[CostLine, ...]
    labour_total: int
    parts_total: int
    third_party_total: int
    fees_total: int
    other_total: int
    discount: int
    total: int
    differences: tuple[Difference, ...]
    competence_on: date
    place_of_supply: str

    def apply(self, order: ServiceOrder) -> None:
        order.settlement = Settlement(
            number=self.settlement_no,
            total=self.total,
            quote_version=self.authorisation.quote_version,
            settled_at=self.occurred_at,
        )


class SettleFinalCosts(Change[ServiceOrder]):
    """Say what is to be paid; again whenever that changes.

    Shape: without ``competence_on``, the day of the act; without ``place_of_supply``, the place of
    performance. Fees cannot be agreed to yet, so none is charged.

    Refused: order-ended, unknown-line, occurred-out-of-order, rework-must-be-free, fee-not-agreed,
    third-party-not-quoted, charge-without-approval, charge-above-approved.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H12", "Q6", "Q7", "Q8", "Q9", "W4")

    lines: Annotated[tuple[CostItem, ...], Field(max_length=200)] = ()
    discount: Centavos = 0
    competence_on: Day | None = None
    place_of_supply: Ibge | None = None

    @property
    def gross(self) -> int:
        """Give the sum of the lines. Unit: centavos."""
        return sum(item.amount for item in self.lines)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if len({item.cost_line_id for item in self.lines}) < len(self.lines):
            raise ValueError("two lines have one cost_line_id")
        if not self.discount <= self.gross <= MOST_CENTAVOS:
            raise ValueError("the discount is more than the sum, or the sum too large")
        return self

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        for item in self.lines:
            check_quoted(order, item.quote_line_id)
        if order.approved:
            approved_at = order.approved_at[order.approved_version]
            check_not_before(act, approved_at, "the quote was approved")
        if not act.imported:
            check_charge(order, self.lines, self.discount)

        order.happened(act, self._fact(order, act))

    def _fact(self, order: ServiceOrder, act: Act) -> FinalCostsSettled:
        sums = Counter[CostKind]()
        for item in self.lines:
            sums[item.kind] += item.amount
        fees = sum(sums[kind] for kind in FEES)
        named = sums[CostKind.LABOUR] + sums[CostKind.PART] + sums[CostKind.THIRD_PARTY]
        return FinalCostsSettled(
            settlement_no=order.settlement.number + 1 if order.settlement else 1,
            authorisation=ground(order),
            lines=tuple(item.line() for item in self.lines),
            labour_total=sums[CostKind.LABOUR],
            parts_total=sums[CostKind.PART],
            third_party_total=sums[CostKind.THIRD_PARTY],
            fees_total=fees,
            other_total=self.gross - named - fees,
            discount=self.discount,
            total=self.gross - self.discount,
            differences=differences(order, self.lines),
            competence_on=self.competence_on or day_of(act.occurred_at, order.zone),
            place_of_supply=self.place_of_supply or order.municipality,
        )


def ground(order: ServiceOrder) -> Authorisation:
    """Say under what the order is charged."""
    if order.approved:
        return Authorisation(kind=AuthorisationKind.QUOTE, quote_version=order.approved_version)
    kind = AuthorisationKind.WAIVER if order.waivers else AuthorisationKind.NONE
    return Authorisation(kind=kind, quote_version=None)
