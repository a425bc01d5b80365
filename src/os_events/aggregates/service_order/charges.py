"""What may be charged: what was approved, line by line, and no more (Q7 to Q9, W4)."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from os_events.aggregates.rules import RefusalError
from os_events.aggregates.service_order.authority import ThirdPartyNotQuotedError
from os_events.aggregates.service_order.codes import Basis, WaiverBasis
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.values.identifiers import PlainDescription
from os_events.values.money import Quantity, amount_of
from os_events.values.scalars import Centavos, Code, Slug, Value
from os_events.values.words import Told


class ChargeAboveApprovedError(RefusalError):
    """Nobody is charged more than was approved. Charge less, or have a new version approved."""

    slug = "charge-above-approved"
    rule = "Q7"
    facts = ("quote-approved", "quote-waived")
    pt = "Valor acima do aprovado."


class ChargeWithoutApprovalError(RefusalError):
    """Nobody is charged for what was not approved. Name the line of the quote, or take nothing."""

    slug = "charge-without-approval"
    rule = "Q8"
    facts = ("quote-approved",)
    pt = "Não se cobra serviço sem aprovação."


class FeeNotAgreedError(RefusalError):
    """A fee is charged only if it was told and accepted before. Leave it out."""

    slug = "fee-not-agreed"
    rule = "Q9"
    pt = "Taxa não informada e aceita antes."


class ReworkMustBeFreeError(RefusalError):
    """Doing a service again under its own warranty costs nothing. Settle it at zero."""

    slug = "rework-must-be-free"
    rule = "W4"
    pt = "Retorno em garantia do serviço não é cobrado."


class CostKind(Code):
    """What is paid for."""

    LABOUR = "labour", "mão de obra"
    PART = "part", "peça"
    CONSUMABLE = "consumable", "material"
    THIRD_PARTY = "third_party", "terceiro"
    TRAVEL = "travel", "deslocamento"
    DIAGNOSIS_FEE = "diagnosis_fee", "taxa de diagnóstico"
    VISIT_FEE = "visit_fee", "taxa de visita"
    STORAGE_FEE = "storage_fee", "taxa de guarda"
    OTHER = "other", "outro"


FEES = {CostKind.DIAGNOSIS_FEE, CostKind.VISIT_FEE, CostKind.STORAGE_FEE}
PRICED = {WaiverBasis.CONTRACT, WaiverBasis.PRIOR_PRACTICE}


class CostLine(Value):
    """One thing that is paid for. Unit: centavos."""

    TOLD: ClassVar[Told] = Told(
        pt="{description} {amount:money}", en="{description} {amount:money}"
    )

    cost_line_id: Slug
    kind: CostKind
    quote_line_id: Slug | None = None
    description: str
    quantity: str
    unit_price: int
    amount: int


class CostItem(Value):
    """One thing to be paid for; what was quoted names its line. Unit: centavos."""

    cost_line_id: Slug
    kind: CostKind
    quote_line_id: Slug | None = None
    description: PlainDescription
    quantity: Quantity
    unit_price: Centavos

    @property
    def amount(self) -> int:
        """Give the price of all of it. Unit: centavos."""
        return amount_of(self.quantity, self.unit_price)

    def line(self) -> CostLine:
        """Give the line with its amount."""
        return CostLine(
            cost_line_id=self.cost_line_id,
            kind=self.kind,
            quote_line_id=self.quote_line_id,
            description=self.description,
            quantity=self.quantity,
            unit_price=self.unit_price,
            amount=self.amount,
        )


class Difference(Value):
    """A line of the quote that is charged otherwise than approved. Unit: centavos."""

    TOLD: ClassVar[Told] = Told(
        pt="{quote_line_id} ({approved:money} → {charged:money})",
        en="{quote_line_id} ({approved:money} → {charged:money})",
    )

    quote_line_id: str
    approved: int
    charged: int


def check_charge(order: ServiceOrder, items: Sequence[CostItem], discount: int) -> None:
    """Refuse to charge what may not be charged."""
    total = sum(item.amount for item in items) - discount
    if order.basis is Basis.SERVICE_WARRANTY and total > 0:
        raise ReworkMustBeFreeError(f"centavos: {total}", rests_on=(order.event(1),))
    for item in items:
        check_ground(order, item)
    for one in differences(order, items):
        if one.charged > one.approved:
            raise ChargeAboveApprovedError(f"{one.quote_line_id}: at most {one.approved}")

    approved = order.approved.total if order.approved else 0
    by_the_table = sum(item.amount for item in items if item.quote_line_id is None)
    if total > approved + by_the_table:
        raise ChargeAboveApprovedError(f"at most {approved + by_the_table} in all")


def check_ground(order: ServiceOrder, item: CostItem) -> None:
    """Refuse a price that nothing allows. What costs nothing needs no ground."""
    if item.kind in FEES:
        raise FeeNotAgreedError(f"{item.cost_line_id}: a fee")
    if item.amount == 0:
        return
    approved = order.approved.prices if order.approved else {}
    price = approved.get(item.quote_line_id or "")
    if price and price.kind.value == item.kind.value:
        return
    if item.kind is CostKind.THIRD_PARTY:
        raise ThirdPartyNotQuotedError(f"{item.cost_line_id}: no such third party was quoted")
    if item.quote_line_id or not order.waivers:
        raise ChargeWithoutApprovalError(f"{item.cost_line_id}: no such line was approved")
    if not any(one.basis in PRICED and one.price_table_ref for one in order.waivers):
        raise ChargeAboveApprovedError(f"{item.cost_line_id}: the waiver has no prices")


def differences(order: ServiceOrder, items: Sequence[CostItem]) -> tuple[Difference, ...]:
    """Name the approved lines that are charged otherwise."""
    charged = Counter[str | None]()
    for item in items:
        charged[item.quote_line_id] += item.amount
    prices = order.approved.prices if order.approved else {}
    return tuple(
        Difference(quote_line_id=name, approved=price.total, charged=charged[name])
        for name, price in prices.items()
        if charged[name] != price.total
    )
