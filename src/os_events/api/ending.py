"""/service-orders/…: what is to be paid, and how an order ends."""

from uuid import UUID

from fastapi import APIRouter

from os_events.aggregates.service_order.closing import CancelServiceOrder, CloseServiceOrder
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.paying import RecordPayment
from os_events.aggregates.service_order.reopening import ReopenServiceOrder
from os_events.aggregates.service_order.settling import SettleFinalCosts
from os_events.api.dependencies import Answer, Asked
from os_events.api.strict import StrictRoute

router = APIRouter(prefix="/service-orders/{order_id}", tags=["ending"], route_class=StrictRoute)


@router.post("/settlements")
async def settle(order_id: UUID, body: SettleFinalCosts, asked: Asked) -> Answer:
    """Say what is to be paid."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/payments")
async def record_payment(order_id: UUID, body: RecordPayment, asked: Asked) -> Answer:
    """Say what was paid, or paid back."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/closings")
async def close_order(order_id: UUID, body: CloseServiceOrder, asked: Asked) -> Answer:
    """End an order."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/reopenings")
async def reopen(order_id: UUID, body: ReopenServiceOrder, asked: Asked) -> Answer:
    """Let an order go on."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/cancellations")
async def cancel(order_id: UUID, body: CancelServiceOrder, asked: Asked) -> Answer:
    """Give an order up."""
    return await asked.perform(ServiceOrder, order_id, body)
