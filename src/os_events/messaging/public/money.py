"""What is to be paid, and what was."""

from typing import Annotated, Self
from uuid import UUID

from os_events.aggregates.service_order import charges, paying, settling
from os_events.messaging.public.fields import (
    Act,
    Authorisation,
    Centavos,
    Codes,
    Day,
    Municipality,
    Number,
    OpenObject,
    QuoteLineId,
)
from os_events.messaging.public.shape import Shape, Shapes


class CostLine(OpenObject):
    """One thing that is paid for."""

    cost_line_id: str
    kind: Annotated[str, Codes(charges.CostKind)]
    quote_line_id: QuoteLineId | None = None
    quantity: Number
    unit_price_centavos: Centavos
    amount_centavos: Centavos

    @classmethod
    def of(cls, line: charges.CostLine) -> Self:
        """Say it of a line."""
        return cls(
            cost_line_id=line.cost_line_id,
            kind=line.kind,
            quote_line_id=line.quote_line_id,
            quantity=line.quantity,
            unit_price_centavos=line.unit_price,
            amount_centavos=line.amount,
        )


class FinalCostsSettled(Shape):
    """What is to be paid is known; the last settlement is in force."""

    settlement_no: int
    authorisation: Authorisation
    lines: tuple[CostLine, ...]
    labour_centavos: Centavos
    parts_centavos: Centavos
    third_party_centavos: Centavos
    fees_centavos: Centavos
    other_centavos: Centavos
    discount_centavos: Centavos
    total_centavos: Centavos
    competence_on: Day
    place_of_supply: Municipality

    @classmethod
    def of(cls, event: settling.FinalCostsSettled) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            settlement_no=event.settlement_no,
            authorisation=Authorisation.of(event.authorisation),
            lines=tuple(map(CostLine.of, event.lines)),
            labour_centavos=event.labour_total,
            parts_centavos=event.parts_total,
            third_party_centavos=event.third_party_total,
            fees_centavos=event.fees_total,
            other_centavos=event.other_total,
            discount_centavos=event.discount,
            total_centavos=event.total,
            competence_on=event.competence_on,
            place_of_supply=event.place_of_supply,
        )


class PaymentRecorded(Shape):
    """Money came in, or went back. The amount is never negative: ``kind`` says which way."""

    payment_id: UUID
    kind: Annotated[str, Codes(paying.PaymentKind)]
    method: Annotated[str, Codes(paying.PaymentMethod)] | None = None
    amount_centavos: Centavos
    of_payment_id: UUID | None = None

    @classmethod
    def of(cls, event: paying.PaymentRecorded) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            payment_id=event.payment_id,
            kind=event.kind,
            method=event.method,
            amount_centavos=event.amount,
            of_payment_id=event.of_payment_id,
        )


SHAPES: Shapes = {
    settling.FinalCostsSettled: FinalCostsSettled,
    paying.PaymentRecorded: PaymentRecorded,
}
