"""How an order begins."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from os_events.aggregates.service_order import codes, opening
from os_events.messaging.public.fields import (
    Act,
    Codes,
    Device,
    Municipality,
    ServiceLine,
    Uf,
    Zone,
)
from os_events.messaging.public.shape import Shape, Shapes
from os_events.values.consumer import ConsumerStatus


class Opened(Shape):
    """A customer asked for work."""

    order_number: Annotated[str, Field(description="As people read it.")]
    unit_id: UUID
    customer_id: Annotated[UUID, Field(description="A person; ask the API who.")]
    profile: Annotated[str, Codes(codes.Profile)]
    route: Annotated[str, Codes(codes.Route)]
    type: Annotated[str, Codes(codes.OrderType)]
    basis: Annotated[str, Codes(codes.Basis)]
    priority: Annotated[str, Codes(codes.Priority)]
    contract_place: Annotated[str, Codes(codes.ContractPlace)]
    consumer_status: Annotated[str, Codes(ConsumerStatus)]
    uf: Uf
    municipality: Municipality
    zone: Zone
    lines: tuple[ServiceLine, ...]
    device: Device | None = None
    quality_test_required: bool
    previous_order_id: UUID | None = None

    @classmethod
    def of(cls, event: opening.Opened) -> Self:
        return cls(
            order_id=event.aggregate_id,
            act=Act.of(event),
            order_number=event.order_number,
            unit_id=event.unit_id,
            customer_id=event.customer_id,
            profile=event.profile,
            route=event.route,
            type=event.type,
            basis=event.basis,
            priority=event.priority,
            contract_place=event.contract_place,
            consumer_status=event.consumer_status,
            uf=event.uf,
            municipality=event.municipality,
            zone=event.place_zone,
            lines=tuple(map(ServiceLine.of, event.lines)),
            device=Device.of(event.asset) if event.asset else None,
            quality_test_required=event.quality_test_required,
            previous_order_id=event.previous_order_id,
        )


SHAPES: Shapes = {opening.Opened: Opened}
