"""/service-orders/…: a device comes in, and leaves."""

from uuid import UUID

from fastapi import APIRouter

from os_events.aggregates.service_order.handover import HandOverDevice
from os_events.aggregates.service_order.intake import ReceiveDevice
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.api.dependencies import Answer, Asked
from os_events.api.strict import StrictRoute

router = APIRouter(prefix="/service-orders/{order_id}", tags=["custody"], route_class=StrictRoute)


@router.post("/receptions")
async def receive_device(order_id: UUID, body: ReceiveDevice, asked: Asked) -> Answer:
    """Take a device in."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/handovers")
async def hand_over_device(order_id: UUID, body: HandOverDevice, asked: Asked) -> Answer:
    """Hand a device over."""
    return await asked.perform(ServiceOrder, order_id, body)
