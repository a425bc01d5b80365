"""What it will cost: a version of the quote is issued, reaches the customer, and may expire."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import RefusalError, check_not_before
from os_events.aggregates.service_order.checks import check_known, check_open
from os_events.aggregates.service_order.codes import LineKind
from os_events.aggregates.service_order.memory import Quote
from os_events.aggregates.service_order.offers import PaymentTerm, QuoteItem, SupplierIdentity
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.values import EndTerm, QuoteLine, StartTerm
from os_events.values.acts import Act
from os_events.values.identifiers import PlainText
from os_events.values.scalars import Centavos, Code, Days, canonical
from os_events.values.words import Told

LEGAL_VALIDITY = 10  # days, CDC art. 40 §1


class QuoteIncompleteError(RefusalError):
    """The law asks for more in a quote (CDC art. 40). Add what is missing."""

    slug = "quote-incomplete"
    rule = "Q2"
    pt = "O orçamento não tem tudo o que o art. 40 do CDC exige."


class SupplierIdentityMissingError(RefusalError):
    """A quote says who offers it. Complete the company file."""

    slug = "supplier-identity-missing"
    rule = "Q11"
    pt = "Faltam nome, endereço ou CNPJ/CPF do fornecedor."


class QuoteVersionUnknownError(RefusalError):
    """The order has no such version. Read it again."""

    slug = "quote-version-unknown"
    rule = "Q4"
    pt = "Versão de orçamento inexistente."


class QuoteCause(Code):
    """Why a version was made."""

    INITIAL = "initial", "inicial"
    PARTIAL_ACCEPTANCE = "partial_acceptance", "aceite parcial"
    NEW_FINDING = "new_finding", "novo achado"
    PRICE_CHANGE = "price_change", "mudança de preço"
    DATE_CHANGE = "date_change", "mudança de data"
    REVALIDATION = "revalidation", "revalidação"


class QuoteIssued(Aggregate.Event):
    """The shop offers to do the work at these prices. ``content_sha256`` is over all the rest."""

    TOPIC: ClassVar[str] = "service-order.quote-issued"
    TOLD: ClassVar[Told] = Told(
        pt="Orçamento {quote_version} emitido ({cause}): {total:money}"
        "[, com desconto de {discount:money}]. Itens: {lines}[. Pagamento: {payment_terms}]"
        "[. Início: {start}][. Término: {end}]. Vale {validity_days} dias do recebimento. "
        "Garantia legal: {legal_warranty_days} dias; contratual: {contractual_warranty_days} dias"
        "[. Não inclui: {excludes}][ Em caso de recusa: {refusal_effects}]",
        en="Quote {quote_version} issued ({cause}): {total:money}"
        "[, with a discount of {discount:money}]. Items: {lines}[. Payment: {payment_terms}]"
        "[. Start: {start}][. End: {end}]. Valid for {validity_days} days from receipt. "
        "Legal warranty: {legal_warranty_days} days; contractual: {contractual_warranty_days} days"
        "[. Not included: {excludes}][ If declined: {refusal_effects}]",
    )
    quote_version: int
    supersedes: int | None = None
    cause: QuoteCause
    lines: tuple[QuoteLine, ...]
    labour_total: int
    parts_total: int
    third_party_total: int
    other_total: int
    discount: int
    total: int
    payment_terms: tuple[PaymentTerm, ...]
    start: StartTerm | None = None
    end: EndTerm | None = None
    validity_days: int
    validity_stipulated: bool
    diagnosis_fee: int
    excludes: str | None = None
    refusal_effects: str | None = None
    legal_warranty_days: int
    contractual_warranty_days: int
    supplier: SupplierIdentity
    content_sha256: str

    def sealed(self) -> Self:
        """Fill in the digest: of the canonical JSON of its own fields, absent ones left out."""
        content = set(self.own_fields()) - {"content_sha256"}
        own = self.model_dump(mode="json", include=content, exclude_none=True)
        return self.model_copy(update={"content_sha256": sha256(canonical(own)).hexdigest()})

    def apply(self, order: ServiceOrder) -> None:
        quote = Quote(
            lines=self.lines,
            total=self.total,
            validity_days=self.validity_days,
            end=self.end,
            content_sha256=self.content_sha256,
            issued_at=self.occurred_at,
        )
        order.quotes[self.quote_version] = quote
        order.lines_declined -= quote.line_ids
        order.carry_on()


class IssueQuote(Change[ServiceOrder]):
    """Offer the work at these prices. A later version restates the whole scope.

    Shape: validity and contractual warranty are the house's, unless given. Totals, legal warranty
    and supplier are filled in.

    Refused: order-ended, unknown-line, occurred-out-of-order, quote-incomplete,
    supplier-identity-missing.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H12", "Q2", "Q11")
    IMPORTS_MAY_LACK: ClassVar[tuple[str, ...]] = ("excludes", "refusal_effects")

    cause: QuoteCause = QuoteCause.INITIAL
    items: Annotated[tuple[QuoteItem, ...], Field(min_length=1, max_length=200)]
    discount: Centavos = 0
    payment_terms: Annotated[tuple[PaymentTerm, ...], Field(max_length=20)] = ()
    start: StartTerm | None = None
    end: EndTerm | None = None
    validity_days: Annotated[int, Field(ge=1, le=365)] | None = None
    validity_stipulated: bool = False
    diagnosis_fee: Centavos = 0
    excludes: PlainText | None = None
    refusal_effects: PlainText | None = None
    contractual_warranty_days: Days | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if len({item.quote_line_id for item in self.items}) < len(self.items):
            raise ValueError("two items have one quote_line_id")
        if self.discount > sum(item.priced().total for item in self.items):
            raise ValueError("the discount is more than the sum")
        return self

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        check_known(order, (item.line_id for item in self.items))
        if before := order.quotes.get(order.latest_version):
            check_not_before(act, before.issued_at, "the version before was issued")
        supplier = SupplierIdentity.of(act.company, act.company.unit(order.unit_id))
        if not act.imported:
            self._check_complete(supplier)

        order.happened(act, self._offer(order, act, supplier).sealed())

    def _check_complete(self, supplier: SupplierIdentity) -> None:
        if missing := ", ".join(self._lacks()):
            raise QuoteIncompleteError(f"missing or wrong: {missing}")
        if not supplier.is_complete:
            raise SupplierIdentityMissingError(f"of unit {supplier.unit_id}")

    def _lacks(self) -> Iterator[str]:
        """Name what Q2 asks for. No fee is accepted yet, so that of the diagnosis is none."""
        yield from filter(None, (item.lacks() for item in self.items))
        for name in ("payment_terms", "start", "end"):
            if not getattr(self, name):
                yield name
        if (self.validity_days or LEGAL_VALIDITY) < LEGAL_VALIDITY and not self.validity_stipulated:
            yield "validity_stipulated"
        fees = any(i.kind is LineKind.DIAGNOSIS_FEE and i.unit_price for i in self.items)
        if self.diagnosis_fee or fees:
            yield "the customer's acceptance of a diagnosis fee"

    def _offer(self, order: ServiceOrder, act: Act, supplier: SupplierIdentity) -> QuoteIssued:
        lines = tuple(item.priced() for item in self.items)
        labour = total_of(lines, LineKind.LABOUR)
        parts = total_of(lines, LineKind.PART)
        third_party = total_of(lines, LineKind.THIRD_PARTY)
        gross = sum(line.total for line in lines)
        policies = act.company.policies
        warranty = self.contractual_warranty_days
        return QuoteIssued(
            quote_version=order.latest_version + 1,
            supersedes=order.latest_version or None,
            cause=self.cause,
            lines=lines,
            labour_total=labour,
            parts_total=parts,
            third_party_total=third_party,
            other_total=gross - labour - parts - third_party,
            discount=self.discount,
            total=gross - self.discount,
            payment_terms=self.payment_terms,
            start=self.start,
            end=self.end,
            validity_days=self.validity_days or policies.quote_validity_days,
            validity_stipulated=self.validity_stipulated,
            diagnosis_fee=self.diagnosis_fee,
            excludes=self.excludes,
            refusal_effects=self.refusal_effects,
            legal_warranty_days=policies.legal_warranty_days,
            contractual_warranty_days=(
                policies.contractual_warranty_days if warranty is None else warranty
            ),
            supplier=supplier,
            content_sha256="",
        )


def total_of(lines: tuple[QuoteLine, ...], kind: LineKind) -> int:
    """Sum up the lines of a kind. Unit: centavos."""
    return sum(line.total for line in lines if line.kind is kind)


def version_of(order: ServiceOrder, quote_version: int) -> Quote:
    """Find a version. Raises QuoteVersionUnknownError."""
    quote = order.quotes.get(quote_version)
    if quote is None:
        raise QuoteVersionUnknownError(f"order {order.id} has no quote {quote_version}")
    return quote
