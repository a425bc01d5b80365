"""/service-orders/…: how an order goes on, and who answers for it."""

from uuid import UUID

from fastapi import APIRouter

from os_events.aggregates.service_order.notes import AddNote
from os_events.aggregates.service_order.notices import SendNotice
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.aggregates.service_order.organising import AssignResponsible, TriageServiceOrder
from os_events.aggregates.service_order.promises import PromiseCompletion
from os_events.api.dependencies import Answer, Asked
from os_events.api.strict import StrictRoute

router = APIRouter(
    prefix="/service-orders/{order_id}", tags=["organising"], route_class=StrictRoute
)


@router.post("/triages")
async def triage(order_id: UUID, body: TriageServiceOrder, asked: Asked) -> Answer:
    """Say how an order goes on."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/assignments")
async def assign(order_id: UUID, body: AssignResponsible, asked: Asked) -> Answer:
    """Make somebody responsible."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/notes")
async def add_note(order_id: UUID, body: AddNote, asked: Asked) -> Answer:
    """Write something down."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/promises")
async def promise(order_id: UUID, body: PromiseCompletion, asked: Asked) -> Answer:
    """Promise by when it will be done."""
    return await asked.perform(ServiceOrder, order_id, body)


@router.post("/notices")
async def send_notice(order_id: UUID, body: SendNotice, asked: Asked) -> Answer:
    """Say that the customer was told something."""
    return await asked.perform(ServiceOrder, order_id, body)
