"""Parts: asked for, supplied, put in."""

from typing import Annotated, Self
from uuid import UUID

from os_events.aggregates.service_order import codes, parts
from os_events.messaging.public.fields import Act, Codes, Day, LineId, Number, PartSpec, QuoteLineId
from os_events.messaging.public.shape import Shape, Shapes


class PartRequested(Shape):
    """A part is needed."""

    part_request_id: UUID
    line_id: LineId
    quote_line_id: QuoteLineId | None = None
    part: PartSpec
    quantity: Number
    supply: Annotated[str, Codes(parts.Supply)]
    expected_on: Day | None = None

    @classmethod
    def of(cls, event: parts.PartRequested) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            part_request_id=event.part_request_id,
            line_id=event.line_id,
            quote_line_id=event.quote_line_id,
            part=PartSpec.of(event.part),
            quantity=event.quantity,
            supply=event.supply,
            expected_on=event.expected_on,
        )


class PartSupplyUpdated(Shape):
    """A part that was asked for is here, late, or not to be had."""

    part_request_id: UUID
    state: Annotated[str, Codes(codes.PartState)]
    expected_on: Day | None = None

    @classmethod
    def of(cls, event: parts.PartSupplyUpdated) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            part_request_id=event.part_request_id,
            state=event.state,
            expected_on=event.expected_on,
        )


class PartInstalled(Shape):
    """A part was put in."""

    installation_id: UUID
    line_id: LineId
    quote_line_id: QuoteLineId | None = None
    part_request_id: UUID | None = None
    part: PartSpec
    quantity: Number
    removed_disposition: Annotated[str, Codes(codes.Disposition)] | None = None

    @classmethod
    def of(cls, event: parts.PartInstalled) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            installation_id=event.installation_id,
            line_id=event.line_id,
            quote_line_id=event.quote_line_id,
            part_request_id=event.part_request_id,
            part=PartSpec.of(event.part),
            quantity=event.quantity,
            removed_disposition=event.removed.disposition if event.removed else None,
        )


SHAPES: Shapes = {
    parts.PartRequested: PartRequested,
    parts.PartSupplyUpdated: PartSupplyUpdated,
    parts.PartInstalled: PartInstalled,
}
