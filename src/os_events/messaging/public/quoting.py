"""What the customer is offered, and answers."""

from typing import Annotated, Self
from uuid import UUID

from os_events.aggregates.service_order import (
    codes,
    quote_answers,
    quote_validity,
    quoting,
    values,
    waivers,
)
from os_events.messaging.public.fields import (
    Act,
    Centavos,
    Codes,
    Consent,
    Deadline,
    HouseCode,
    LineId,
    Number,
    OpenObject,
    PartSpec,
    QuoteLineId,
    QuoteVersion,
    Sha256,
)
from os_events.messaging.public.shape import Shape, Shapes


class QuoteLine(OpenObject):
    """One price of a quote."""

    quote_line_id: QuoteLineId
    line_id: LineId
    kind: Annotated[str, Codes(codes.LineKind)]
    part: PartSpec | None = None
    quantity: Number
    unit: str
    unit_price_centavos: Centavos
    total_centavos: Centavos
    warranty_days: int

    @classmethod
    def of(cls, line: values.QuoteLine) -> Self:
        """Say it of a line."""
        return cls(
            quote_line_id=line.quote_line_id,
            line_id=line.line_id,
            kind=line.kind,
            part=PartSpec.of(line.part) if line.part else None,
            quantity=line.quantity,
            unit=line.unit,
            unit_price_centavos=line.unit_price,
            total_centavos=line.total,
            warranty_days=line.warranty_days,
        )


class QuoteIssued(Shape):
    """The shop offers to do the work at these prices. ``content_sha256`` is that of the whole."""

    quote_version: QuoteVersion
    supersedes: QuoteVersion | None = None
    cause: Annotated[str, Codes(quoting.QuoteCause)]
    lines: tuple[QuoteLine, ...]
    labour_centavos: Centavos
    parts_centavos: Centavos
    third_party_centavos: Centavos
    other_centavos: Centavos
    discount_centavos: Centavos
    total_centavos: Centavos
    diagnosis_fee_centavos: Centavos
    validity_days: int
    legal_warranty_days: int
    contractual_warranty_days: int
    content_sha256: Sha256

    @classmethod
    def of(cls, event: quoting.QuoteIssued) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            quote_version=event.quote_version,
            supersedes=event.supersedes,
            cause=event.cause,
            lines=tuple(map(QuoteLine.of, event.lines)),
            labour_centavos=event.labour_total,
            parts_centavos=event.parts_total,
            third_party_centavos=event.third_party_total,
            other_centavos=event.other_total,
            discount_centavos=event.discount,
            total_centavos=event.total,
            diagnosis_fee_centavos=event.diagnosis_fee,
            validity_days=event.validity_days,
            legal_warranty_days=event.legal_warranty_days,
            contractual_warranty_days=event.contractual_warranty_days,
            content_sha256=event.content_sha256,
        )


class QuoteDelivered(Shape):
    """The customer has the quote: receipt, not sending. Its validity runs from here."""

    quote_version: QuoteVersion
    proof: Annotated[str, Codes(quote_validity.ProofOfReceipt)] | None = None
    notice_id: UUID | None = None
    deadlines: tuple[Deadline, ...]

    @classmethod
    def of(cls, event: quote_validity.QuoteDelivered) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            quote_version=event.quote_version,
            proof=event.proof,
            notice_id=event.notice_id,
            deadlines=tuple(map(Deadline.of, event.deadlines)),
        )


class QuoteExpired(Shape):
    """The customer did not answer in time; the shop is bound no longer."""

    quote_version: QuoteVersion
    deadline_id: str

    @classmethod
    def of(cls, event: quote_validity.QuoteExpired) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            quote_version=event.quote_version,
            deadline_id=event.deadline_id,
        )


class QuoteApproved(Shape):
    """The customer agreed to one version, by its digest."""

    quote_version: QuoteVersion
    content_sha256: Sha256 | None = None
    total_centavos: Centavos
    consent: Consent | None = None
    part_conditions_consented: tuple[QuoteLineId, ...]
    immediate_execution_requested: bool

    @classmethod
    def of(cls, event: quote_answers.QuoteApproved) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            quote_version=event.quote_version,
            content_sha256=event.content_sha256,
            total_centavos=event.total,
            consent=Consent.of(event.consent) if event.consent else None,
            part_conditions_consented=event.part_conditions_consented,
            immediate_execution_requested=event.immediate_execution_requested,
        )


class QuoteDeclined(Shape):
    """The customer said no, to all or to some. A new version holds what was accepted in part."""

    quote_version: QuoteVersion
    extent: Annotated[str, Codes(quote_answers.QuoteExtent)]
    accepted_lines: tuple[LineId, ...]
    declined_lines: tuple[LineId, ...]
    decline_code: HouseCode | None = None
    consent: Consent | None = None

    @classmethod
    def of(cls, event: quote_answers.QuoteDeclined) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            quote_version=event.quote_version,
            extent=event.extent,
            accepted_lines=event.accepted_lines,
            declined_lines=event.declined_lines,
            decline_code=event.reason_code,
            consent=Consent.of(event.consent) if event.consent else None,
        )


class QuoteWaived(Shape):
    """These services may be done without a quote."""

    basis: Annotated[str, Codes(codes.WaiverBasis)]
    lines: tuple[LineId, ...]
    order_ids: tuple[UUID, ...]

    @classmethod
    def of(cls, event: waivers.QuoteWaived) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            basis=event.basis,
            lines=event.lines,
            order_ids=event.order_ids,
        )


SHAPES: Shapes = {
    quoting.QuoteIssued: QuoteIssued,
    quote_validity.QuoteDelivered: QuoteDelivered,
    quote_validity.QuoteExpired: QuoteExpired,
    quote_answers.QuoteApproved: QuoteApproved,
    quote_answers.QuoteDeclined: QuoteDeclined,
    waivers.QuoteWaived: QuoteWaived,
}
