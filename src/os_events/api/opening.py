"""/service-orders: an order begins."""

from http import HTTPStatus

from fastapi import APIRouter

from os_events.aggregates.service_order.opening import OpenServiceOrder
from os_events.api.dependencies import Answer, Asked
from os_events.api.strict import StrictRoute
from os_events.commands.perform import open_service_order

router = APIRouter(prefix="/service-orders", tags=["organising"], route_class=StrictRoute)


@router.post("", status_code=HTTPStatus.CREATED)
async def open_order(body: OpenServiceOrder, asked: Asked) -> Answer:
    """Open an order."""
    recorded = await open_service_order(asked.log, asked.caller, body)
    return asked.begun(recorded, router.prefix)
