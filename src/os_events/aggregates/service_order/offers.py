"""What a quote is made of: prices, terms of payment, and who offers."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from os_events.aggregates.service_order.codes import LineKind
from os_events.aggregates.service_order.values import PartSpec, QuoteLine
from os_events.values.company import Company, Unit
from os_events.values.identifiers import PlainDescription
from os_events.values.money import Quantity, amount_of
from os_events.values.scalars import MOST_CENTAVOS, Centavos, Days, Slug, Value
from os_events.values.words import Told


class SupplierIdentity(Value):
    """Who offers and answers for it: the company's own data, copied whole into every document."""

    TOLD: ClassVar[Told] = Told(pt="{legal_name} ({tax_id})", en="{legal_name} ({tax_id})")

    unit_id: UUID
    legal_name: str
    trade_name: str | None = None
    tax_id: str
    municipal_registration: str | None = None
    address: str
    municipality: str
    phone: str
    email: str | None = None

    @classmethod
    def of(cls, company: Company, unit: Unit) -> Self:
        """Copy what the company says of itself."""
        return cls(
            unit_id=unit.id,
            legal_name=company.legal_name,
            trade_name=company.trade_name,
            tax_id=company.tax_id,
            municipal_registration=company.municipal_registration,
            address=unit.address,
            municipality=unit.municipality,
            phone=unit.phone,
            email=unit.email,
        )

    @property
    def is_complete(self) -> bool:
        """Say whether it has the name, the address and the number that the law asks for."""
        return all(text.strip() for text in (self.legal_name, self.tax_id, self.address))


class PaymentTerm(Value):
    """One way to pay."""

    method: Slug
    instalments: Annotated[int, Field(ge=1, le=420)] = 1
    description: PlainDescription

    def __str__(self) -> str:
        return self.description


class QuoteItem(Value):
    """One price that is asked for; its total is computed. Unit: centavos."""

    quote_line_id: Slug
    line_id: Slug
    kind: LineKind
    description: PlainDescription
    part: PartSpec | None = None
    quantity: Quantity = "1"
    unit: Slug = "un"
    unit_price: Centavos
    third_party_name: PlainDescription | None = None
    warranty_days: Days = 0

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.part and self.kind is not LineKind.PART:
            raise ValueError("only a line of kind part is for a part")
        if amount_of(self.quantity, self.unit_price) > MOST_CENTAVOS:
            raise ValueError(f"a line comes to more than {MOST_CENTAVOS} centavos")
        return self

    def lacks(self) -> str | None:
        """Name what the law asks of such a line and is not there (Q2)."""
        if self.kind is LineKind.PART and self.part is None:
            return f"part of {self.quote_line_id}"
        if self.kind is LineKind.THIRD_PARTY and self.third_party_name is None:
            return f"third_party_name of {self.quote_line_id}"
        return None

    def priced(self) -> QuoteLine:
        """Compute its total."""
        return QuoteLine(
            quote_line_id=self.quote_line_id,
            line_id=self.line_id,
            kind=self.kind,
            description=self.description,
            part=self.part,
            quantity=self.quantity,
            unit=self.unit,
            unit_price=self.unit_price,
            total=amount_of(self.quantity, self.unit_price),
            third_party_name=self.third_party_name,
            warranty_days=self.warranty_days,
        )
